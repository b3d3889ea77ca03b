import { describe, expect, it } from 'vitest';
import type { LocalDate } from '#lib/domain/kernel/civil-time.ts';
import type { AccountOverview, PlantOverview, TierProgress, UsageOverview } from './overview.ts';
import { todoOf } from './todo.ts';

const date = (text: string) => text as LocalDate;
const today = date('2026-11-23');

const usage = (days: Partial<UsageOverview['week']['days'][number]>[] = [], ageDays = 1): UsageOverview => ({
	meter: { meterNo: 'M1', of: 1 },
	day: {
		localDate: date('2026-11-22'),
		ageDays,
		energyWh: 8000,
		missing: 0,
		estimated: 0,
		intervalMinutes: 15,
		changeFromUsual: 0,
		powerW: [],
		usual: null,
		exportWh: null
	},
	week: {
		days: days.map((day) => ({
			localDate: date('2026-11-20'),
			energyWh: 8000,
			estimated: 0,
			missing: 0,
			...day
		})),
		energyWh: 8000,
		missing: 0,
		estimated: 0,
		changeFromWeekBefore: 0
	}
});

const bill = (daysToDue: number, totalMinor = 18_642n): NonNullable<AccountOverview['bill']> => ({
	id: 12,
	period: { start: date('2026-10-01'), end: date('2026-11-01') },
	dueOn: date('2026-11-25'),
	daysToDue,
	currency: 'CNY',
	totalMinor,
	energyWh: 312_000,
	isNew: false,
	restsOnIncompleteData: false,
	differenceMinor: null
});

const tier = (expectedOn: string | null): TierProgress => ({
	cycleStart: date('2026-01-01'),
	usedWh: 2_500_000,
	hasMissing: false,
	currentTier: 1,
	tiers: [],
	next: {
		tier: 2,
		remainingWh: 260_000,
		extraPriceE8: 5_000_000n,
		currency: 'CNY',
		expectedOn: expectedOn === null ? null : date(expectedOn)
	}
});

const plant = (powerFactorHundredths: number | null): PlantOverview => ({
	day: { maximumDemand: null, loadFactor: null, powerFactorHundredths: null },
	month: { start: date('2026-11-01'), energyWh: null, maximumDemand: null, powerFactorHundredths },
	powerFactorStandard: '0.90',
	costShares: []
});

const kindsOf = (parts: Partial<AccountOverview>) =>
	todoOf({
		accountId: 1,
		accountNo: '1',
		customerKind: 'residential',
		today,
		bill: null,
		usage: null,
		tier: null,
		plant: null,
		...parts
	}).map(({ kind }) => kind);

describe('what there is to do', () => {
	it('is nothing where nothing is known', () => {
		expect(kindsOf({})).toEqual([]);
	});

	it.each([
		['a bill due in two days', { bill: bill(2) }, ['bill_due']],
		['a bill due today', { bill: bill(0) }, ['bill_due']],
		['a bill past its due date: whether it is paid is not known', { bill: bill(-1) }, []],
		['a bill of nothing', { bill: bill(2, 0n) }, []],
		['readings of yesterday', { usage: usage([{}]) }, []],
		['readings two days old', { usage: usage([{}], 2) }, []],
		['readings three days old', { usage: usage([{}], 3) }, ['readings_late']],
		['gaps this week', { usage: usage([{ missing: 4 }, {}]) }, ['readings_missing']],
		['a tier in 27 days', { tier: tier('2026-12-20') }, ['tier_near']],
		['a tier in 31 days', { tier: tier('2026-12-24') }, []],
		['no tier this year', { tier: tier(null) }, []],
		['a power factor below the standard', { plant: plant(89) }, ['power_factor_low']],
		['a power factor at the standard', { plant: plant(90) }, []],
		['an unknown power factor', { plant: plant(null) }, []]
	] as const)('%s', (_case, parts, kinds) => {
		expect(kindsOf(parts)).toEqual(kinds);
	});

	it('puts the bill first, then doubtful figures, then what will cost more', () => {
		const all = { tier: tier('2026-12-01'), usage: usage([{ missing: 1 }], 4), bill: bill(1) };
		expect(kindsOf(all)).toEqual(['bill_due', 'readings_late', 'readings_missing', 'tier_near']);
	});

	it('counts the missing readings of all days and names the last of them', () => {
		const [item] = todoOf({
			accountId: 1,
			accountNo: '1',
			customerKind: 'residential',
			today,
			bill: null,
			usage: usage([
				{ localDate: date('2026-11-18'), missing: 4 },
				{ localDate: date('2026-11-20'), missing: 3 },
				{ localDate: date('2026-11-21') }
			]),
			tier: null,
			plant: null
		});
		expect(item).toEqual({ kind: 'readings_missing', intervals: 7, localDate: '2026-11-20' });
	});
});
