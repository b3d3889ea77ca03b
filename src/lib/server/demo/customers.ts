import type { Account, CustomerKind } from '#lib/domain/identity/account.ts';
import type { LocalizedText } from '#lib/domain/tariffs/tariff.ts';
import type { DemoSourceKey } from './sources.ts';

/**
 * A customer that exists in the demo only. Numbers come from a range kept for the demo, e-mail addresses from
 * a reserved domain.
 */
export interface DemoCustomer {
	readonly sourceKey: DemoSourceKey;
	readonly customerNo: string;
	readonly accountNo: string;
	readonly meterNo: string;
	readonly kind: CustomerKind;
	readonly name: LocalizedText;
	/** What there is to see, in a few words. */
	readonly description: LocalizedText;
	readonly phone: string;
	readonly email: string;
	readonly address: string;
	readonly tariffCode: string;
	readonly supply: Pick<
		Account,
		| 'supplyArea'
		| 'voltage'
		| 'contractedCapacityVa'
		| 'demandBasis'
		| 'contractDemandW'
		| 'powerFactorStandard'
	>;
}

/** The zone of every demo supply area: one civil time in all of China. */
export const DEMO_TIME_ZONE = 'Asia/Shanghai';

/** The same for every demo customer, and no secret: it opens nothing but published data. */
export const DEMO_PASSWORD = 'meterside-demo';

const HOME = {
	voltage: 'below_1kv',
	contractedCapacityVa: null,
	demandBasis: 'none',
	contractDemandW: null,
	powerFactorStandard: null
} as const;

/** In the order in which the sign-in page offers them. */
export const DEMO_CUSTOMERS: readonly DemoCustomer[] = [
	{
		sourceKey: 'california',
		customerNo: '9900000002',
		accountNo: '9900000002',
		meterNo: 'DEMO-CALIFORNIA',
		kind: 'residential',
		name: { 'zh-CN': '演示·加州家庭', en: 'Demo household, California' },
		description: {
			'zh-CN': '浙江居民峰谷电价，15 分钟读数，含估算和缺失',
			en: 'Zhejiang residential time-of-use, 15 minutes, with estimates and gaps'
		},
		phone: '19900000002',
		email: 'california@demo.meterside.example',
		address: '浙江省（演示地址 2 号）',
		tariffCode: 'zhejiang_residential_tou',
		supply: { ...HOME, supplyArea: 'zhejiang' }
	},
	{
		sourceKey: 'london',
		customerNo: '9900000003',
		accountNo: '9900000003',
		meterNo: 'DEMO-LONDON',
		kind: 'residential',
		name: { 'zh-CN': '演示·伦敦家庭', en: 'Demo household, London' },
		description: {
			'zh-CN': '上海居民阶梯电价（不分时），30 分钟读数',
			en: 'Shanghai residential tiers without time-of-use, 30 minutes'
		},
		phone: '19900000003',
		email: 'london@demo.meterside.example',
		address: '上海市（演示地址 3 号）',
		tariffCode: 'shanghai_residential',
		supply: { ...HOME, supplyArea: 'shanghai' }
	},
	{
		sourceKey: 'paris',
		customerNo: '9900000004',
		accountNo: '9900000004',
		meterNo: 'DEMO-PARIS',
		kind: 'residential',
		name: { 'zh-CN': '演示·巴黎家庭', en: 'Demo household, Paris' },
		description: {
			'zh-CN': '山东居民峰谷电价（含采暖季），每小时有功与无功',
			en: 'Shandong residential time-of-use with heating season, hourly active and reactive energy'
		},
		phone: '19900000004',
		email: 'paris@demo.meterside.example',
		address: '山东省（演示地址 4 号）',
		tariffCode: 'shandong_residential_tou',
		supply: { ...HOME, supplyArea: 'shandong' }
	},
	{
		sourceKey: 'solar',
		customerNo: '9900000005',
		accountNo: '9900000005',
		meterNo: 'DEMO-SOLAR',
		kind: 'residential',
		name: { 'zh-CN': '演示·光伏家庭', en: 'Demo household with solar' },
		description: {
			'zh-CN': '江苏居民峰谷电价，屋顶光伏，每小时下网与上网电量',
			en: 'Jiangsu residential time-of-use with rooftop solar, hourly import and export'
		},
		phone: '19900000005',
		email: 'solar@demo.meterside.example',
		address: '江苏省（演示地址 5 号）',
		tariffCode: 'jiangsu_residential_tou',
		supply: { ...HOME, supplyArea: 'jiangsu' }
	},
	{
		sourceKey: 'steel',
		customerNo: '9900000001',
		accountNo: '9900000001',
		meterNo: 'DEMO-STEEL',
		kind: 'industrial',
		name: { 'zh-CN': '演示·钢铁厂', en: 'Demo steel plant' },
		description: {
			'zh-CN': '湖北两部制工商业电价，1–10 千伏，15 分钟有功与无功',
			en: 'Hubei two-part business price at 1–10 kV, active and reactive energy every 15 minutes'
		},
		phone: '19900000001',
		email: 'steel@demo.meterside.example',
		address: '湖北省（演示地址 1 号）',
		tariffCode: 'hubei_two_part_1_10kv_demo',
		supply: {
			supplyArea: 'hubei',
			voltage: '1_to_10kv',
			contractedCapacityVa: 1_000_000,
			demandBasis: 'actual_demand',
			contractDemandW: null,
			powerFactorStandard: '0.90'
		}
	}
];

/** The name in the register, on bills and in files: one name per customer, in Chinese as a register here has it. */
export function registeredNameOf(customer: DemoCustomer): string {
	return customer.name['zh-CN'];
}

/** How the portal calls a demo customer in each language; undefined for everyone else. */
export function demoNameOf(customerNo: string): LocalizedText | undefined {
	return DEMO_CUSTOMERS.find((customer) => customer.customerNo === customerNo)?.name;
}
