import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { shippedTariff, tariffJson } from '../../../../tests/support/rating.ts';
import { AppError } from '#lib/domain/kernel/app-error.ts';
import { parseTariff } from './parse.ts';

const folder = path.resolve(import.meta.dirname, '../../../../drizzle/seed/tariffs');
const shipped = readdirSync(folder).map((file) => file.replace(/\.json$/, ''));

/** The document with the value at a path replaced. */
function withValue(file: string, at: readonly (string | number)[], value: unknown): unknown {
	const document = tariffJson(file);
	let target = document as Record<string | number, unknown>;
	for (const key of at.slice(0, -1)) target = target[key] as Record<string | number, unknown>;
	target[at.at(-1) ?? ''] = value;
	return document;
}

function refusalOf(document: unknown): unknown {
	try {
		parseTariff(document);
		return null;
	} catch (error) {
		return error instanceof AppError ? { code: error.code, ...error.details } : error;
	}
}

describe('shipped tariff documents', () => {
	it.each(shipped)('%s is valid and named after its code and edition', (file) => {
		const tariff = shippedTariff(file);
		expect(`${tariff.code}.${tariff.edition}`).toBe(file);
	});

	it('keeps published prices at full precision', () => {
		const tariff = shippedTariff('hubei_two_part_1_10kv.2026-01');
		expect(tariff.seasons[0]?.priceE8.sharp).toBe(104_999_900n);
		expect(tariff.demand?.demandPriceE8PerKw).toBe(4_200_000_000n);
	});

	it('the demo edition has the prices of January 2026 and says so in both languages', () => {
		const { seasons, notes, ...demo } = shippedTariff('hubei_two_part_1_10kv_demo.2026-01-demo');
		const published = shippedTariff('hubei_two_part_1_10kv.2026-01');
		expect(seasons).toEqual(published.seasons);
		expect(demo.components).toEqual(published.components);
		expect(notes?.en).toContain('January 2026 is applied to every month');
		expect(notes?.['zh-CN']).toContain('演示假设');
	});
});

describe('a refused document names the path and the reason', () => {
	const zhejiang = 'zhejiang_residential_tou.2024';
	const hubei = 'hubei_two_part_1_10kv.2026-01';
	it.each([
		[
			'a price as a number',
			zhejiang,
			['seasons', 0, 'pricePerKwh', 'peak'],
			0.568,
			'seasons.0.pricePerKwh.peak',
			/string/
		],
		[
			'nine decimals',
			zhejiang,
			['seasons', 0, 'pricePerKwh', 'peak'],
			'0.123456789',
			'seasons.0.pricePerKwh.peak',
			/8 decimals/
		],
		[
			'a period without price',
			zhejiang,
			['seasons', 0, 'pricePerKwh'],
			{ peak: '1' },
			'seasons.0.pricePerKwh.valley',
			/no price/
		],
		[
			'a price without hours',
			zhejiang,
			['seasons', 0, 'rest'],
			'peak',
			'seasons.0.pricePerKwh.valley',
			/without hours/
		],
		['a missing month', zhejiang, ['seasons', 0, 'months'], [1, 2], 'seasons', /no part holds on 03-01/],
		['a month named twice', hubei, ['seasons', 0, 'months'], [6, 7, 8], 'seasons', /2 parts hold on 06-01/],
		[
			'an impossible time',
			zhejiang,
			['seasons', 0, 'windows', 0, 'from'],
			'25:00',
			'seasons.0.windows.0.from',
			/time of day/
		],
		[
			'an empty window',
			zhejiang,
			['seasons', 0, 'windows', 0, 'to'],
			'08:00',
			'seasons.0.windows.0',
			/empty/
		],
		[
			'a gap between tiers',
			zhejiang,
			['tiers', 'schedules', 0, 'tiers', 1, 'fromKwh'],
			'2761',
			'tiers.schedules.0.tiers.1.fromKwh',
			/begin/
		],
		[
			'a closed last tier',
			zhejiang,
			['tiers', 'schedules', 0, 'tiers', 2, 'toKwh'],
			'9999',
			'tiers.schedules.0.tiers.2.toKwh',
			/open/
		],
		['two-part without demand prices', hubei, ['demand'], null, 'demand', /two-part/],
		[
			'a gap in the power-factor table',
			hubei,
			['powerFactor', 'standards', '0.90', 1, 'from'],
			'0.66',
			'powerFactor.standards.0.90.1',
			/follow/
		],
		['a date that does not exist', zhejiang, ['validFrom'], '2026-02-30', 'validFrom', /date/],
		['validity that ends before it begins', zhejiang, ['validTo'], '2020-01-01', 'validTo', /after/],
		['an unknown field', zhejiang, ['discount'], '0.1', '(document)', /discount/]
	] as const)('%s', (_, file, at, value, where, reason) => {
		expect(refusalOf(withValue(file, at, value))).toEqual({
			code: 'TARIFF_INVALID',
			path: where,
			reason: expect.stringMatching(reason) as string
		});
	});

	it('no object at all', () => {
		expect(refusalOf('tariff')).toMatchObject({ code: 'TARIFF_INVALID', path: '(document)' });
	});
});
