import { scaledToDecimal } from '#lib/domain/kernel/money.ts';
import { microOf } from '../lines.ts';
import type { RatedLine, RatingResult, TierCycleUse } from '../types.ts';

const MONEY_DECIMALS = 2;

/** A result as it is written to a file: money, prices and quantities as plain decimals, dates as they are. */
export function resultFile(result: Extract<RatingResult, { ok: true }>) {
	const { carried, figures } = result;
	const cycleOf = ({ start, usedWh }: TierCycleUse) => ({ start, usedKwh: decimalOf(usedWh) });
	return {
		ok: true as const,
		currency: result.currency,
		total: money(result.totalMinor),
		lines: result.lines.map(lineFile),
		totals: Object.fromEntries(
			Object.entries(figures.totals).map(([charge, amount]) => [charge, money(amount)])
		),
		energyKwh: decimalOf(figures.energyWh),
		periodsKwh: Object.fromEntries(
			figures.periods.map(({ timePeriod, energyWh }) => [timePeriod, decimalOf(energyWh)])
		),
		demandKw: figures.demand?.maximumW == null ? null : decimalOf(figures.demand.maximumW),
		powerFactor:
			figures.powerFactor?.hundredths == null
				? null
				: scaledToDecimal(BigInt(figures.powerFactor.hundredths), 2, 2),
		carried: {
			tierCycle: carried.tierCycle === null ? null : cycleOf(carried.tierCycle),
			shares: Object.fromEntries(
				Object.entries(carried.shares ?? {}).map(([id, cycle]) => [id, cycleOf(cycle)])
			)
		},
		warnings: result.warnings
	};
}
export type ResultFile = ReturnType<typeof resultFile>;

/** A line as it is written to a file. */
export function lineFile(line: RatedLine) {
	return {
		reference: line.reference,
		share: line.share?.id ?? null,
		charge: line.charge,
		name: line.name,
		timePeriod: line.timePeriod,
		tier: line.tier,
		from: line.period.start,
		to: line.period.end,
		quantity: line.unit === 'money' ? money(BigInt(line.quantityMilli)) : decimalOf(line.quantityMilli),
		unit: line.unit,
		estimated: decimalOf(line.estimatedMilli),
		unitPrice: line.unitPriceE8 === null ? null : scaledToDecimal(line.unitPriceE8, 8, 2),
		percent: line.percentE4 === null ? null : scaledToDecimal(BigInt(line.percentE4), 4, 2),
		proration: line.proration,
		discountPercent: line.discountPercent,
		amount: money(line.amountMinor),
		inPowerFactorBase: line.inPowerFactorBase,
		tariff: line.tariffCode,
		edition: line.tariffEdition,
		ruleSource: line.ruleSource
	};
}

function money(amountMinor: bigint): string {
	return scaledToDecimal(amountMinor, MONEY_DECIMALS, MONEY_DECIMALS);
}

function decimalOf(milli: number): string {
	return scaledToDecimal(microOf(milli), 6, 0);
}
