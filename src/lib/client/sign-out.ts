import { wipeDevice } from './device-store.ts';

/**
 * Takes everything of the customer off this device, then signs out: at once, or, without a network, by the
 * service worker before it loads any page again.
 */
export async function signOutOfDevice(form: HTMLFormElement): Promise<void> {
	if (navigator.onLine) {
		await wipeDevice({ signOutPending: false });
		form.submit();
		return;
	}
	await wipeDevice({ signOutPending: true });
	location.replace('/offline?to=%2Fsign-in');
}
