import { clearPendingSignOut, readPendingSignOut } from './device-store.ts';

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
