import { z } from 'zod';
import { DEMAND_BASES, VOLTAGE_CLASSES } from '#lib/domain/identity/account.ts';
import { AppError, isAppError } from '#lib/domain/kernel/app-error.ts';
import { canonicalJson } from '#lib/domain/kernel/canonical-json.ts';
import { INTERVAL_MINUTES, type DatePeriod } from '#lib/domain/kernel/civil-time.ts';
import { FILLING_METHODS, type FillingMethod } from '#lib/domain/metering/filling.ts';
import { CHANNELS } from '#lib/domain/metering/load-day.ts';
import { localDate, localMonth, timeZone } from '#lib/domain/rating/files/values.ts';
import { unpackUsage, type PackedPointUsage } from '#lib/domain/rating/packed-usage.ts';
import type { AccountFacts, CarriedState, MeterShare, RatingInput } from '#lib/domain/rating/types.ts';
import { createCalendar, type AnnouncedYear } from '#lib/domain/tariffs/calendar.ts';
import { parseTariff } from '#lib/domain/tariffs/parse.ts';
import { TIME_PERIODS, type Tariff } from '#lib/domain/tariffs/tariff.ts';

/** A tariff document on the days that it holds. */
interface DocumentSpan {
	readonly period: DatePeriod;
	readonly document: unknown;
}

/** Everything that a bill was rated from, as plain JSON: readings, tariff documents, facts, holidays. */
export interface CheckInput {
	readonly account: AccountFacts;
	readonly timeZone: string;
	readonly period: DatePeriod;
	readonly tariffs: readonly DocumentSpan[];
	readonly usage: readonly PackedPointUsage[];
	/** Files of bills from before there were shares and filling have neither. */
	readonly shares?: readonly (Omit<MeterShare, 'tariffs'> & { readonly tariffs: readonly DocumentSpan[] })[];
	readonly filling?: FillingMethod;
	readonly carried: CarriedState;
	readonly calendar: readonly AnnouncedYear[];
}

const quantity = z.int().min(0);
const period = z.looseObject({ start: localDate, end: localDate });
const byPeriod = z.union([quantity, z.partialRecord(z.enum(TIME_PERIODS), quantity)]);
const spans = z.array(z.looseObject({ period, document: z.unknown() }));
const cycle = z.looseObject({ start: localDate, usedWh: quantity });

const account = z.looseObject({
	voltage: z.enum(VOLTAGE_CLASSES),
	currency: z.string(),
	contractedCapacityVa: quantity.nullable(),
	demandBasis: z.enum(DEMAND_BASES),
	contractDemandW: z.number().min(0).nullable(),
	powerFactorStandard: z.string().nullable(),
	openedOn: localDate.nullable(),
	largeHousehold: z.looseObject({ persons: z.int(), from: localMonth }).nullable(),
	lowIncome: z.boolean(),
	readingMonths: z.union([z.literal(1), z.literal(2)]),
	contractsW: z.record(z.string(), z.number().min(0))
});

const INT32_MAX = 2_147_483_647;

const day = z
	.looseObject({
		channel: z.enum(CHANNELS),
		localDate,
		intervalMinutes: z.literal(INTERVAL_MINUTES),
		version: z.int(),
		quantities: z.string(),
		qualities: z.string().regex(/^[xmec]+$/, 'has a quality letter other than x, m, e and c')
	})
	.superRefine(({ quantities, qualities }, context) => {
		const cells = quantities.split(',');
		if (qualities.length !== 1 && qualities.length !== cells.length) {
			const message = `${qualities.length} qualities for ${cells.length} intervals`;
			context.addIssue({ code: 'custom', path: ['qualities'], message });
			return;
		}
		const bad = cells.findIndex((cell, slot) => {
			const isMissing = qualities[qualities.length === 1 ? 0 : slot] === 'x';
			return !isMissing && (!/^-?\d+$/.test(cell) || Math.abs(Number(cell)) > INT32_MAX);
		});
		if (bad >= 0) {
			const message = `interval ${bad}: "${cells[bad] ?? ''}" is no whole quantity`;
			context.addIssue({ code: 'custom', path: ['quantities'], message });
		}
	});

const point = z.looseObject({
	servicePointId: z.int(),
	period,
	days: z.array(day),
	registers: z
		.looseObject({
			importWh: byPeriod,
			estimatedImportWh: quantity.optional(),
			exportWh: byPeriod.nullable(),
			laggingVarh: quantity.nullable(),
			leadingVarh: quantity.nullable(),
			demandW: z.number().min(0).nullable()
		})
		.nullable(),
	losses: z
		.looseObject({
			activeWhPerDay: quantity,
			activePercentE2: quantity,
			reactiveVarhPerDay: quantity,
			reactivePercentE2: quantity
		})
		.nullable()
});

const share = z.looseObject({
	id: z.string(),
	name: z.string().nullable(),
	part: z.union([z.looseObject({ percentE4: quantity }), z.looseObject({ whPerMonth: quantity })]),
	tariffs: spans
});

/** What the input in a file must look like; tariff documents have a schema of their own. */
export const checkInputShape = z.looseObject({
	account,
	timeZone,
	period,
	tariffs: spans,
	usage: z.array(point),
	shares: z.array(share).optional(),
	filling: z.enum(FILLING_METHODS).optional(),
	carried: z.looseObject({ tierCycle: cycle.nullable(), shares: z.record(z.string(), cycle).optional() }),
	calendar: z.array(
		z.looseObject({
			year: z.int(),
			days: z.array(z.looseObject({ name: z.string(), date: localDate, isOffDay: z.boolean() }))
		})
	)
});

/**
 * The input as the rating takes it.
 * @throws AppError TARIFF_INVALID naming the field
 */
export function ratingInputOf(input: CheckInput): RatingInput {
	const { tariffs, usage, calendar, shares = [], filling = 'none', ...others } = input;
	// An edition that holds on several spans is one tariff, as it was when the bill was issued.
	const parsed = new Map<string, Tariff>();
	const spansOf = (field: string, documents: readonly DocumentSpan[]) =>
		documents.map(({ period: days, document }, index) => {
			const key = canonicalJson(document);
			const tariff = parsed.get(key) ?? tariffOf(document, `${field}.${index}.document`);
			parsed.set(key, tariff);
			return { period: days, tariff };
		});
	return {
		...others,
		tariffs: spansOf('input.tariffs', tariffs),
		usage: unpackUsage(usage),
		shares: shares.map((one, index) => ({
			...one,
			tariffs: spansOf(`input.shares.${index}.tariffs`, one.tariffs)
		})),
		filling,
		calendar: createCalendar(calendar),
		priceSeries: []
	};
}

function tariffOf(document: unknown, field: string): Tariff {
	try {
		return parseTariff(document);
	} catch (error) {
		if (!isAppError(error)) throw error;
		throw new AppError(error.code, `${field}: ${error.message}`, { ...error.details, field });
	}
}
