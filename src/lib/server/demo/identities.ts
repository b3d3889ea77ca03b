import type { Account, CustomerKind } from '#lib/domain/identity/account.ts';
import type { Authorized } from '#lib/domain/identity/actor.ts';
import type { LocalizedText } from '#lib/domain/tariffs/tariff.ts';
import type { App } from '#lib/server/app.ts';
import { attributionSchema, type DemoAttribution } from './attribution.ts';
import { DEMO_CUSTOMERS, DEMO_PASSWORD } from './customers.ts';
import * as repo from './repo.ts';

/** Someone to sign in as in the demo. */
export interface DemoIdentity {
	/** What is typed at sign-in: the customer number. */
	readonly identifier: string;
	readonly password: string;
	/** Who this is, in both languages at once: for the terminal. */
	readonly label: string;
	readonly customerNo: string;
	readonly kind: CustomerKind;
	readonly name: LocalizedText;
	readonly description: LocalizedText;
}

/** The demo customers that one can sign in as, in a fixed order; none before the demo is loaded. */
export async function demoIdentities(app: App): Promise<DemoIdentity[]> {
	const loaded = new Set(await repo.findDemoCustomerNos(app.db));
	return DEMO_CUSTOMERS.filter(({ customerNo }) => loaded.has(customerNo)).map((customer) => ({
		identifier: customer.customerNo,
		password: DEMO_PASSWORD,
		label: `${customer.name['zh-CN']} / ${customer.name.en}`,
		customerNo: customer.customerNo,
		kind: customer.kind,
		name: customer.name,
		description: customer.description
	}));
}

/** Where the readings of a demo customer's account come from; empty for every other account. */
export async function demoAttributionsOf(app: App, account: Authorized<Account>): Promise<DemoAttribution[]> {
	const stored = await repo.findAttributions(app.db, account.id);
	return stored.map((attribution) => attributionSchema.parse(attribution));
}
