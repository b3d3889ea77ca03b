/** A time label: what the wall clock of the file shows, as if it were UTC, and its own offset if it has one. */
export interface TimeLabel {
	readonly wallMs: number;
	/** Minutes east of UTC; undefined where the label says nothing. */
	readonly offsetMinutes: number | undefined;
}

const TOKENS: Readonly<Record<string, string>> = {
	YYYY: '(?<year>\\d{4})',
	YY: '(?<shortYear>\\d{2})',
	MM: '(?<month>\\d{2})',
	M: '(?<month>\\d{1,2})',
	DD: '(?<day>\\d{2})',
	D: '(?<day>\\d{1,2})',
	HH: '(?<hour>\\d{2})',
	H: '(?<hour>\\d{1,2})',
	mm: '(?<minute>\\d{2})',
	ss: '(?<second>\\d{2})',
	S: '(?<fraction>\\d+)',
	ZZ: '(?<zone>Z|[+-]\\d{2}:?\\d{2})'
};

/**
 * Makes a reader of time labels out of a pattern of YYYY YY MM M DD D HH H mm ss S (any number of decimals)
 * and ZZ (offset or Z); every other character stands for itself. Hour 24 of a day is the end of that day.
 * @returns undefined for a text that does not fit or is no real time
 */
export function timeLabelReader(pattern: string): (text: string) => TimeLabel | undefined {
	const source = pattern.replace(
		/YYYY|YY|MM|M|DD|D|HH|H|mm|ss|S|ZZ|[^A-Za-z0-9\s]/g,
		(token) => TOKENS[token] ?? `\\${token}`
	);
	const expression = new RegExp(`^${source}$`);
	return (text) => {
		const parts = expression.exec(text.trim())?.groups;
		return parts === undefined ? undefined : toLabel(parts);
	};
}

function toLabel(parts: Record<string, string | undefined>): TimeLabel | undefined {
	const year = parts['year'] === undefined ? 2000 + Number(parts['shortYear']) : Number(parts['year']);
	const month = Number(parts['month']);
	const day = Number(parts['day']);
	const hour = Number(parts['hour'] ?? 0);
	const minute = Number(parts['minute'] ?? 0);
	const second = Number(parts['second'] ?? 0) + Number(`0.${parts['fraction'] ?? 0}`);
	const dateMs = Date.UTC(year, month - 1, day);
	const date = new Date(dateMs);
	if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
	const seconds = hour * 3600 + minute * 60 + second;
	if (minute > 59 || second >= 60 || seconds > 86_400) return undefined;
	const zone = parts['zone'];
	return { wallMs: dateMs + seconds * 1000, offsetMinutes: zone === undefined ? undefined : offsetOf(zone) };
}

function offsetOf(zone: string): number {
	if (zone === 'Z') return 0;
	const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
	return zone.startsWith('-') ? -minutes : minutes;
}
