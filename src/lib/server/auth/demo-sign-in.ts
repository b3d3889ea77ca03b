import { AppError } from '#lib/domain/kernel/app-error.ts';
import type { App } from '#lib/server/app.ts';
import { demoIdentities, type DemoIdentity } from '#lib/server/demo/index.ts';

/** A demo customer as the sign-in page offers it. */
export type OfferedIdentity = Pick<DemoIdentity, 'customerNo' | 'kind' | 'name' | 'description'>;

/** The demo's customers, each to be signed in as by one tap; null outside the demo. */
export async function offeredIdentities(app: App): Promise<OfferedIdentity[] | null> {
	if (!app.env.DEMO) return null;
	const identities = await demoIdentities(app);
	return identities.map(({ customerNo, kind, name, description }) => ({
		customerNo,
		kind,
		name,
		description
	}));
}

/** @throws AppError NOT_FOUND outside the demo, and where the customer is not one of the demo's */
export async function requireOffered(app: App, customerNo: string): Promise<void> {
	const offered = await offeredIdentities(app);
	if (!offered?.some((identity) => identity.customerNo === customerNo)) {
		throw new AppError('NOT_FOUND', 'no such demo identity');
	}
}
