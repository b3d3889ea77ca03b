import { wipeDevice } from './device-store.ts';
import { offlineAddress } from './offline-pages.ts';
import { completePendingSignOut } from './pending-sign-out.ts';

/**
 * Takes everything of the customer off this device, then signs out: at once, or, where the server cannot be
 * reached, by the service worker before it loads any page again.
 * @param address what to post to: this device's sign-out or all devices'
 */
export async function signOutOfDevice(address: string): Promise<void> {
	await wipeDevice(address);
	let isDone: boolean;
	try {
		isDone = await completePendingSignOut();
	} catch {
		isDone = false;
	}
	location.replace(isDone ? '/sign-in?signed-out' : offlineAddress('/sign-in'));
}
