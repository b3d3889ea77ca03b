import { Temporal } from '#lib/domain/kernel/civil-time.ts';

/** LocalTimeParameters of a feed. Rules are null where there is no daylight saving. */
export interface LocalTimeParameters {
	readonly tzOffsetSeconds: number;
	readonly dstOffsetSeconds: number;
	readonly dstStart: DstRule | null;
	readonly dstEnd: DstRule | null;
}

/** A yearly moment by wall clock, e.g. the second Sunday of March at 2:00. */
export interface DstRule {
	readonly month: number;
	/** 0 on the day of the month; 1 first weekday on or after it; 2 to 6 first to fifth; 7 last weekday. */
	readonly operator: number;
	readonly dayOfMonth: number;
	/** 1 = Monday … 7 = Sunday. */
	readonly dayOfWeek: number;
	readonly secondOfDay: number;
}

const OPERATOR_ON_DAY = 0;
const OPERATOR_ON_OR_AFTER = 1;
const OPERATOR_LAST = 7;
const NO_RULE = 0xffff_ffff;

/** Decodes a DstRuleType, hexadecimal; undefined where it is none. */
export function decodeDstRule(hex: string): DstRule | null | undefined {
	if (!/^[0-9A-Fa-f]{1,8}$/.test(hex)) return undefined;
	const bits = Number.parseInt(hex, 16);
	if (bits === 0 || bits === NO_RULE) return null;
	const field = (from: number, length: number) => Math.floor(bits / 2 ** from) % 2 ** length;
	const rule = {
		month: field(28, 4),
		operator: field(25, 3),
		dayOfMonth: field(20, 5),
		dayOfWeek: field(17, 3),
		secondOfDay: field(12, 5) * 3600 + field(0, 12)
	};
	return rule.month >= 1 && rule.month <= 12 ? rule : undefined;
}

/** Inverse of `decodeDstRule`. */
export function encodeDstRule(rule: DstRule | null): string {
	if (rule === null) return 'FFFFFFFF';
	const bits =
		rule.month * 2 ** 28 +
		rule.operator * 2 ** 25 +
		rule.dayOfMonth * 2 ** 20 +
		rule.dayOfWeek * 2 ** 17 +
		Math.floor(rule.secondOfDay / 3600) * 2 ** 12 +
		(rule.secondOfDay % 3600);
	return bits.toString(16).toUpperCase().padStart(8, '0');
}

/** Offset from UTC in minutes that the parameters give at an instant. */
export function offsetMinutesAt(parameters: LocalTimeParameters, instantMs: number): number {
	const { tzOffsetSeconds, dstOffsetSeconds, dstStart, dstEnd } = parameters;
	if (dstStart === null || dstEnd === null) return tzOffsetSeconds / 60;
	const year = new Date(instantMs + tzOffsetSeconds * 1000).getUTCFullYear();
	const startMs = ruleWallMs(dstStart, year) - tzOffsetSeconds * 1000;
	const endMs = ruleWallMs(dstEnd, year) - (tzOffsetSeconds + dstOffsetSeconds) * 1000;
	const isDst =
		startMs < endMs ? instantMs >= startMs && instantMs < endMs : instantMs >= startMs || instantMs < endMs;
	return (tzOffsetSeconds + (isDst ? dstOffsetSeconds : 0)) / 60;
}

function ruleWallMs(rule: DstRule, year: number): number {
	const first = Temporal.PlainDate.from({ year, month: rule.month, day: 1 });
	return Date.UTC(year, rule.month - 1, ruleDay(rule, first)) + rule.secondOfDay * 1000;
}

function ruleDay(rule: DstRule, first: Temporal.PlainDate): number {
	if (rule.operator === OPERATOR_ON_DAY) return Math.max(rule.dayOfMonth, 1);
	const weekdayFrom = (day: number) =>
		day + ((rule.dayOfWeek - first.add({ days: day - 1 }).dayOfWeek + 7) % 7);
	if (rule.operator === OPERATOR_ON_OR_AFTER) return weekdayFrom(Math.max(rule.dayOfMonth, 1));
	if (rule.operator === OPERATOR_LAST) return weekdayFrom(first.daysInMonth - 6);
	return weekdayFrom(1) + (rule.operator - 2) * 7;
}

/** The parameters that describe a zone in the year of an instant. */
export function localTimeParametersOf(timeZone: string, instantMs: number): LocalTimeParameters {
	const year = Temporal.Instant.fromEpochMilliseconds(instantMs).toZonedDateTimeISO(timeZone).year;
	let at = Temporal.PlainDate.from({ year, month: 1, day: 1 }).toZonedDateTime(timeZone);
	let standard = at.offsetNanoseconds;
	let dstStart: DstRule | null = null;
	let dstEnd: DstRule | null = null;
	let daylight = standard;
	for (
		let next = at.getTimeZoneTransition('next');
		next?.year === year;
		next = at.getTimeZoneTransition('next')
	) {
		const before = next.subtract({ nanoseconds: 1 });
		if (next.offsetNanoseconds > before.offsetNanoseconds) {
			dstStart = ruleOf(before);
			standard = before.offsetNanoseconds;
			daylight = next.offsetNanoseconds;
		} else {
			dstEnd = ruleOf(before);
			standard = next.offsetNanoseconds;
		}
		at = next;
	}
	const whole = dstStart !== null && dstEnd !== null;
	return {
		tzOffsetSeconds: standard / 1e9,
		dstOffsetSeconds: whole ? (daylight - standard) / 1e9 : 0,
		dstStart: whole ? dstStart : null,
		dstEnd: whole ? dstEnd : null
	};
}

/** The moment after `before` as a rule, on the clock that shows until then. */
function ruleOf(before: Temporal.ZonedDateTime): DstRule {
	const wall = before.toPlainDateTime().add({ nanoseconds: 1 });
	const isLast = wall.day + 7 > wall.daysInMonth;
	return {
		month: wall.month,
		operator: isLast ? OPERATOR_LAST : 1 + Math.ceil(wall.day / 7),
		dayOfMonth: 0,
		dayOfWeek: wall.dayOfWeek,
		secondOfDay: wall.hour * 3600 + wall.minute * 60
	};
}
