import { clearPendingSignOut, readPendingSignOut, wipeDevice } from './device-store.ts';
import { offlineAddress } from './offline-pages.ts';

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

/**
 * Tells the server of a sign-out that was made on this device.
 * @returns false where the server failed: the sign-out stays pending
 * @throws TypeError where the server cannot be reached
 */
export async function completePendingSignOut(): Promise<boolean> {
	const address = await readPendingSignOut();
	if (address === undefined) return true;
	const response = await fetch(address, { method: 'POST', redirect: 'manual' });
	// A form post that succeeded is answered with a redirect, which is not followed here.
	if (!response.ok && response.type !== 'opaqueredirect') return false;
	await clearPendingSignOut();
	return true;
}
