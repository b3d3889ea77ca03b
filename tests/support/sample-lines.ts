import type { BillLine, BillSummary } from '#lib/domain/billing/bill.ts';
import { localDate, type DatePeriod } from '#lib/domain/kernel/civil-time.ts';
import { parseScaled, priceQuantityMinor } from '#lib/domain/kernel/money.ts';
import type { Charge } from '#lib/domain/rating/types.ts';
import type { TimePeriod } from '#lib/domain/tariffs/tariff.ts';

export const october: DatePeriod = { start: localDate('2026-10-01'), end: localDate('2026-11-01') };
const september: DatePeriod = { start: localDate('2026-09-01'), end: localDate('2026-10-01') };

export const hubei = { code: 'hubei-agent-two-part-10kv', edition: '2026-01' };
export const zhejiang = { code: 'zhejiang-residential-tou', edition: '2022-01' };

export interface LineInput {
	readonly charge: Charge;
	readonly reference: string;
	readonly quantityMilli: number;
	readonly price: string;
	readonly unit?: BillLine['unit'];
	readonly timePeriod?: TimePeriod;
	readonly tier?: number;
	readonly estimatedMilli?: number;
}

export function lineOf(
	input: LineInput,
	lineNo: number,
	tariff: { code: string; edition: string }
): BillLine {
	const unitPriceE8 = parseScaled(input.price, 8);
	const unit = input.unit ?? 'kWh';
	return {
		lineNo,
		reference: input.reference,
		charge: input.charge,
		share: null,
		timePeriod: input.timePeriod ?? null,
		tier: input.tier ?? null,
		period: october,
		quantityMilli: input.quantityMilli,
		unit,
		estimatedMilli: input.estimatedMilli ?? 0,
		unitPriceE8,
		percentE4: null,
		name: null,
		proration: null,
		discountPercent: null,
		amountMinor: priceQuantityMinor(BigInt(input.quantityMilli), unitPriceE8),
		inPowerFactorBase: input.charge !== 'government_fund',
		tariffCode: tariff.code,
		tariffEdition: tariff.edition,
		ruleSource: '鄂发改价管〔2024〕77号',
		behind:
			unit === 'kW'
				? { kind: 'demand', dates: october, charge: null }
				: {
						kind: 'energy',
						channel: 'active_import',
						dates: october,
						timePeriod: input.timePeriod ?? null,
						tier: input.tier ?? null
					}
	};
}

export function totalOf(lines: readonly BillLine[]): bigint {
	return lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
}

export function previousOf(totalMinor: bigint, energyWh: number): BillSummary {
	return {
		id: 41,
		billNo: 'B-2026-09',
		state: 'issued',
		correctsBillId: null,
		period: september,
		dueOn: localDate('2026-10-25'),
		currency: 'CNY',
		totalMinor,
		energyWh,
		restsOnIncompleteData: false
	};
}
