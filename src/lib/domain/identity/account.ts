import type { Currency } from '#lib/domain/kernel/money.ts';
import type { DatePeriod, LocalDate, LocalMonth } from '#lib/domain/kernel/civil-time.ts';
import type { Authorized } from './actor.ts';

export const CUSTOMER_KINDS = ['residential', 'industrial'] as const;
export type CustomerKind = (typeof CUSTOMER_KINDS)[number];

/** Supply voltage classes as the price tables print them. */
export const VOLTAGE_CLASSES = ['below_1kv', '1_to_10kv', '35kv', '110kv', '220kv_and_above'] as const;
export type VoltageClass = (typeof VOLTAGE_CLASSES)[number];

/** How the demand or capacity charge (容需量电费) is paid; `none` for single-part prices. */
export const DEMAND_BASES = ['none', 'capacity', 'contract_demand', 'actual_demand'] as const;
export type DemandBasis = (typeof DEMAND_BASES)[number];

/** 单月抄表, 双月抄表: the months at whose end a meter is read that is read every two months. */
export const READING_PARITIES = ['odd', 'even'] as const;
export type ReadingParity = (typeof READING_PARITIES)[number];

export interface LargeHousehold {
	readonly persons: number;
	readonly from: LocalMonth;
}

/** What is usual of an account, where nothing else is known. */
export const USUAL_FACTS = {
	largeHousehold: null,
	lowIncome: false,
	readingMonths: 1,
	readingParity: null,
	contractsW: {}
} as const satisfies Partial<Account>;

/** An electricity account (户号): what is rated and billed. */
export interface Account {
	readonly id: number;
	/** 户号, as printed on the bill. */
	readonly accountNo: string;
	readonly customerId: number;
	readonly customerKind: CustomerKind;
	/** Supply area, e.g. "zhejiang": chooses tariffs, calendar and time zone. */
	readonly supplyArea: string;
	readonly timeZone: string;
	readonly currency: Currency;
	readonly voltage: VoltageClass;
	/** Transformers plus directly connected high-voltage motors, in VA; null for homes. */
	readonly contractedCapacityVa: number | null;
	readonly demandBasis: DemandBasis;
	readonly contractDemandW: number | null;
	/** Power-factor standard as printed ("0.90"); null where not assessed. */
	readonly powerFactorStandard: string | null;
	/** 一户多人口, registered from a month on; null where not. */
	readonly largeHousehold: LargeHousehold | null;
	/** 低保 or 特困: has the tariff's free basis. */
	readonly lowIncome: boolean;
	/** Months between two readings, billed together: monthly tiers are added up over them. */
	readonly readingMonths: 1 | 2;
	/** In which months a meter is read that is read every two months; null where it is read monthly. */
	readonly readingParity: ReadingParity | null;
	/** Contracted capacities by name, for tariffs that charge them. */
	readonly contractsW: Readonly<Record<string, number>>;
	readonly address: string;
	readonly openedOn: LocalDate;
	readonly closedOn: LocalDate | null;
}

/** An account and the days that something is asked about. */
export interface AccountPeriod {
	readonly account: Authorized<Account>;
	readonly period: DatePeriod;
}
