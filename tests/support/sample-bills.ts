import type { BillChange, BillDocument, BillLine, BillTariff } from '#lib/domain/billing/bill.ts';
import { localDate } from '#lib/domain/kernel/civil-time.ts';
import { parseScaled } from '#lib/domain/kernel/money.ts';
import type { RatingFigures } from '#lib/domain/rating/types.ts';
import type { TimePeriod } from '#lib/domain/tariffs/tariff.ts';
import { hubei, lineOf, october, previousOf, totalOf, zhejiang, type LineInput } from './sample-lines.ts';

/** Bills of a plant and a home, for what shows bills. Their lines sum to their totals. */

const PLANT_ENERGY = [
	['sharp', 31_204_560, '0.768940'],
	['peak', 68_010_250, '0.572861'],
	['flat', 101_337_400, '0.384470'],
	['valley', 84_551_010, '0.173012']
] as const satisfies [TimePeriod, number, string][];

function plantLines(energyWh: number): LineInput[] {
	return [
		...PLANT_ENERGY.map(([timePeriod, quantityMilli, price]) => ({
			charge: 'purchase' as const,
			reference: `energy.purchase.${timePeriod}`,
			quantityMilli,
			price,
			timePeriod
		})),
		{ charge: 'transmission', reference: 'transmission', quantityMilli: energyWh, price: '0.1263' },
		{
			charge: 'actual_demand',
			reference: 'demand.actual',
			quantityMilli: 1_128_480,
			price: '42',
			unit: 'kW'
		},
		{ charge: 'line_loss', reference: 'line_loss', quantityMilli: energyWh, price: '0.013643' },
		{ charge: 'system_operation', reference: 'system_operation', quantityMilli: energyWh, price: '0.082273' },
		{ charge: 'government_fund', reference: 'government_fund', quantityMilli: energyWh, price: '0.0452' }
	];
}

function plantFigures(energyWh: number, base: bigint, adjustmentMinor: bigint): RatingFigures {
	return {
		lossWh: 0,
		totals: {},
		energyWh,
		periods: PLANT_ENERGY.map(([timePeriod, wh]) => ({ timePeriod, energyWh: wh })),
		timeOfUse: true,
		readings: [
			{
				channel: 'active_import',
				quantity: energyWh,
				estimatedQuantity: 0,
				correctedQuantity: 0,
				filledQuantity: 0,
				days: 31,
				measured: 2976,
				estimated: 0,
				filled: 0,
				corrected: 0,
				missing: 0,
				highestVersion: 1
			},
			{
				channel: 'reactive_import',
				quantity: 92_114_300,
				estimatedQuantity: 0,
				correctedQuantity: 0,
				filledQuantity: 0,
				days: 31,
				measured: 2976,
				estimated: 0,
				filled: 0,
				corrected: 0,
				missing: 0,
				highestVersion: 2
			}
		],
		demand: {
			basis: 'actual_demand',
			maximumW: 1_128_480,
			peaks: [
				{
					servicePointId: 1,
					demandW: 1_128_480,
					at: { localDate: localDate('2026-10-14'), slot: 41, startMinute: 615 }
				}
			],
			contractW: null,
			billedContractW: null,
			capacityVa: 1_600_000,
			demandPriceE8: parseScaled('42', 8),
			capacityPriceE8: parseScaled('26.3', 8),
			kwhPerKva: 178,
			discountPercent: null,
			amountMinor: 4_739_616n
		},
		powerFactor: {
			standard: '0.90',
			activeWh: energyWh,
			laggingVarh: 92_114_300,
			leadingVarh: 0,
			hundredths: 95,
			percentE2: -75,
			baseMinor: base,
			amountMinor: adjustmentMinor
		},
		tiers: null
	};
}

const PLANT_TARIFFS: BillTariff[] = [
	{
		...hubei,
		name: {
			'zh-CN': '湖北工商业代理购电（两部制，1–10 千伏）',
			en: 'Hubei agent purchase, two-part, 1–10 kV'
		},
		period: october,
		source: {
			document: '国网湖北省电力有限公司 2026 年 1 月代理购电价格表',
			address: 'https://xgszsj.xiaogan.gov.cn/tzxg/tzcb/202601/t20260108_568308.shtml',
			remark: null
		},
		powerFactorSource: {
			document: '(83)水电财字第215号',
			address: 'http://wgbc.cn/zxjs/205.html',
			remark: null
		},
		notes: {
			'zh-CN': '演示假设：2026 年 1 月价格表用于全部月份。',
			en: 'Demo assumption: the table of January 2026 is used for all months.'
		}
	}
];

const PLANT_CHANGE: BillChange = {
	differenceMinor: 1_234_567n,
	causes: [
		{
			kind: 'volume',
			reference: null,
			effectMinor: 812_300n,
			fromWhPerDay: 8_936_774,
			toWhPerDay: 9_196_878
		},
		{ kind: 'days', reference: null, effectMinor: 540_000n, from: 30, to: 31 },
		{ kind: 'demand', reference: null, effectMinor: -98_733n, fromW: 1_152_000, toW: 1_128_480 },
		{ kind: 'power_factor', reference: null, effectMinor: -19_000n, fromHundredths: 94, toHundredths: 95 }
	]
};

/** A plant on the two-part tariff of Hubei with demand and power factor: the order of a business bill. */
export function plantBill(): BillDocument {
	const energyWh = PLANT_ENERGY.reduce((sum, [, wh]) => sum + wh, 0);
	const inputs = plantLines(energyWh);
	const rated = inputs.map((input, index) => lineOf(input, index < 8 ? index + 1 : 10, hubei));
	const base = totalOf(rated.filter((line) => line.inPowerFactorBase));
	const adjustment: BillLine = {
		...lineOf({ charge: 'power_factor', reference: 'power_factor', quantityMilli: 0, price: '0' }, 9, hubei),
		quantityMilli: Number(base),
		unit: 'money',
		unitPriceE8: null,
		percentE4: -7500,
		amountMinor: -(base * 75n + 5000n) / 10_000n,
		inPowerFactorBase: false,
		ruleSource: '(83)水电财字第215号',
		behind: { kind: 'power_factor', dates: october }
	};
	const lines = [...rated.slice(0, 8), adjustment, ...rated.slice(8)];
	const totalMinor = totalOf(lines);
	const previous = previousOf(totalMinor - 1_234_567n, energyWh - 12_000_000);
	return {
		id: 42,
		billNo: 'B-2026-10/0001',
		state: 'issued',
		correctsBillId: null,
		period: october,
		dueOn: localDate('2026-11-25'),
		currency: 'CNY',
		totalMinor,
		energyWh,
		restsOnIncompleteData: false,
		account: {
			accountNo: '4200018001',
			customerKind: 'industrial',
			supplyArea: 'hubei',
			timeZone: 'Asia/Shanghai',
			voltage: '1_to_10kv',
			contractedCapacityVa: 1_600_000,
			demandBasis: 'actual_demand',
			contractDemandW: null,
			powerFactorStandard: '0.90',
			address: '湖北省武汉市青山区示例路 1 号',
			holderName: '示例钢铁有限公司'
		},
		issuedAt: '2026-11-02T01:00:00Z',
		days: 31,
		averagePriceE8: (totalMinor * 1_000_000_000n) / BigInt(energyWh),
		lines,
		figures: plantFigures(energyWh, base, adjustment.amountMinor),
		warnings: [{ code: 'DEMAND_IS_LOWER_BOUND' }],
		tariffs: PLANT_TARIFFS,
		previous,
		change: PLANT_CHANGE,
		correction: null,
		validBill: null
	};
}

const HOME_LINES: LineInput[] = [
	{
		charge: 'energy',
		reference: 'energy.peak',
		quantityMilli: 311_400,
		price: '0.568',
		timePeriod: 'peak',
		estimatedMilli: 2_400
	},
	{
		charge: 'energy',
		reference: 'energy.valley',
		quantityMilli: 120_625,
		price: '0.288',
		timePeriod: 'valley'
	},
	{
		charge: 'tier_surcharge',
		reference: 'energy.tier2_surcharge',
		quantityMilli: 72_025,
		price: '0.05',
		tier: 2
	}
];

const HOME_FIGURES: RatingFigures = {
	lossWh: 0,
	totals: {},
	energyWh: 432_025,
	periods: [
		{ timePeriod: 'peak', energyWh: 311_400 },
		{ timePeriod: 'valley', energyWh: 120_625 }
	],
	timeOfUse: true,
	readings: [
		{
			channel: 'active_import',
			quantity: 432_025,
			estimatedQuantity: 2_400,
			correctedQuantity: 0,
			filledQuantity: 0,
			days: 31,
			measured: 2932,
			estimated: 32,
			filled: 0,
			corrected: 0,
			missing: 12,
			highestVersion: 1
		}
	],
	demand: null,
	powerFactor: null,
	tiers: {
		cycle: 'year',
		cycleStart: localDate('2026-01-01'),
		usedBeforeWh: 2_400_000,
		usedAfterWh: 2_832_025,
		currentTier: 2,
		tiers: [
			{ tier: 1, fromWh: 0, toWh: 2_760_000, surchargeE8: 0n, energyWh: 360_000 },
			{
				tier: 2,
				fromWh: 2_760_000,
				toWh: 4_800_000,
				surchargeE8: parseScaled('0.05', 8),
				energyWh: 72_025
			},
			{ tier: 3, fromWh: 4_800_000, toWh: null, surchargeE8: parseScaled('0.3', 8), energyWh: 0 }
		]
	}
};

const HOME_TARIFFS: BillTariff[] = [
	{
		...zhejiang,
		name: { 'zh-CN': '浙江居民阶梯峰谷电价', en: 'Zhejiang residential, tiers and time of use' },
		period: october,
		source: {
			document: '浙江省居民生活用电价格表',
			address: 'https://zj.gov.cn/lawtext/bd34d4c7',
			remark: null
		},
		powerFactorSource: null,
		notes: null
	}
];

/** A home on time-of-use prices that reached the second tier, with missing and estimated readings. */
export function homeBill(): BillDocument {
	const lines = HOME_LINES.map((line, index) => lineOf(line, index + 1, zhejiang));
	const totalMinor = totalOf(lines);
	const plant = plantBill();
	return {
		...plant,
		id: 43,
		billNo: 'B-2026-10/0002',
		totalMinor,
		energyWh: 432_025,
		restsOnIncompleteData: true,
		account: {
			...plant.account,
			accountNo: '3300027002',
			customerKind: 'residential',
			supplyArea: 'zhejiang',
			voltage: 'below_1kv',
			contractedCapacityVa: null,
			demandBasis: 'none',
			powerFactorStandard: null,
			address: '浙江省杭州市西湖区示例小区 3 幢 201 室',
			holderName: '王示例'
		},
		averagePriceE8: (totalMinor * 1_000_000_000n) / 432_025n,
		lines,
		figures: HOME_FIGURES,
		warnings: [
			{ code: 'MISSING_INTERVALS', channel: 'active_import', count: 12, of: 2976 },
			{ code: 'ESTIMATED_INTERVALS', channel: 'active_import', count: 32, quantity: 2_400 }
		],
		tariffs: HOME_TARIFFS,
		previous: previousOf(totalMinor + 1_840n, 470_000),
		change: {
			differenceMinor: -1_840n,
			causes: [
				{ kind: 'volume', reference: null, effectMinor: -2_510n, fromWhPerDay: 15_667, toWhPerDay: 13_936 },
				{ kind: 'tier', reference: null, effectMinor: 360n, fromTier: 1, toTier: 2 },
				{ kind: 'days', reference: null, effectMinor: 310n, from: 30, to: 31 }
			]
		}
	};
}
