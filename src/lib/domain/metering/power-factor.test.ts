import { describe, expect, it } from 'vitest';
import { localDate } from '#lib/domain/kernel/civil-time.ts';
import { averagePowerFactorHundredths, powerFactorHundredths } from './power-factor.ts';
import { unpackLoadDay, type Channel } from './load-day.ts';
describe('average power factor', () => {
	it.each([
		['no reactive energy', 100, 0, 100],
		['3-4-5', 4, 3, 80],
		['as much reactive as active: 0.7071', 1, 1, 71],
		['far more reactive', 1, 1_000_000, 0],
		// cos φ = 0.895 at Q/P = √(1/0.895² - 1) = 0.49839792…
		['just above 0.895', 10_000_000, 4_983_979, 90],
		['just below 0.895', 10_000_000, 4_983_980, 89],
		// cos φ = 0.995 at Q/P = 0.10037680…
		['just above 0.995', 10_000_000, 1_003_768, 100],
		['just below 0.995', 10_000_000, 1_003_769, 99]
	])('%s', (_, active, reactive, hundredths) => {
		expect(powerFactorHundredths(active, reactive)).toBe(hundredths);
	});

	it('gives an exact ratio exactly, however large the sums are', () => {
		expect(powerFactorHundredths(7, 24)).toBe(28);
		expect(powerFactorHundredths(7_000_000_000, 24_000_000_000)).toBe(28);
	});

	it('does not drift for a large plant', () => {
		expect(powerFactorHundredths(959_636_710_000, 456_759_840_000 + 135_638_040_000)).toBe(85);
	});
});

describe('average power factor of some days', () => {
	function day(channel: Channel, quantities: string, qualities = 'm') {
		return unpackLoadDay({
			channel,
			localDate: localDate('2026-03-02'),
			intervalMinutes: 15,
			quantities,
			qualities,
			version: 1
		});
	}
	const active = [day('active_import', '40,40')];

	it('counts lagging and leading energy by magnitude', () => {
		const lagging = [day('reactive_import', '30,0')];
		const leading = [day('reactive_export', '0,-30')];
		expect(averagePowerFactorHundredths(active, lagging, leading)).toBe(80);
	});

	it('is withheld where an interval with active energy has no reactive energy', () => {
		expect(averagePowerFactorHundredths(active, [day('reactive_import', '30,', 'mx')], null)).toBeNull();
		expect(averagePowerFactorHundredths(active, [day('reactive_import', '30,0')], [])).toBeNull();
	});

	it('leaves out intervals whose active energy is not known', () => {
		const half = [day('active_import', '40,', 'mx')];
		expect(averagePowerFactorHundredths(half, [day('reactive_import', '30,999')], null)).toBe(80);
	});

	it('is withheld where nothing was used', () => {
		const nothing = [day('active_import', '0,0')];
		expect(averagePowerFactorHundredths(nothing, [day('reactive_import', '0,0')], null)).toBeNull();
	});
});
