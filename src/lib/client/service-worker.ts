import { dev } from '$app/environment';
import type { Workbox } from 'workbox-window';

export interface WaitingUpdate {
	/** Lets the new version take over; the page reloads when it has. */
	accept(): void;
}

/** Registers the service worker and tells when a new version waits for the customer's consent. */
export async function registerServiceWorker(onUpdate: (update: WaitingUpdate) => void): Promise<void> {
	if (!('serviceWorker' in navigator)) return;
	const { Workbox } = await import('workbox-window');
	const workbox: Workbox = new Workbox('/service-worker.js', {
		scope: '/',
		type: dev ? 'module' : 'classic'
	});
	workbox.addEventListener('waiting', () => {
		onUpdate({
			accept() {
				workbox.addEventListener('controlling', () => location.reload());
				workbox.messageSkipWaiting();
			}
		});
	});
	await workbox.register();
}
