import { openDB, type DBSchema, type IDBPDatabase } from 'idb';

/**
 * What this device keeps of one customer for use without a network: the last pages seen. It belongs to one
 * owner at a time; another owner's arrival, and signing out, empty it. The service worker's caches hold no
 * private data at all.
 */
interface DeviceSchema extends DBSchema {
	snapshot: { key: string; value: Snapshot };
	meta: { key: 'owner' | 'pendingSignOut'; value: string };
}

/** A page's data as the server sent it. */
export interface Snapshot {
	/** Route id, e.g. "/(customer)/home". */
	readonly routeId: string;
	/** Path with query, under which the page was seen. */
	readonly path: string;
	/** Epoch milliseconds on this device. */
	readonly savedAtMs: number;
	readonly data: unknown;
}

/** Most pages kept of one kind; the oldest goes first. */
const KEPT_PER_ROUTE = 14;

let opened: Promise<IDBPDatabase<DeviceSchema>> | undefined;

function open(): Promise<IDBPDatabase<DeviceSchema>> {
	opened ??= openDB<DeviceSchema>('meterside', 1, {
		upgrade(db) {
			db.createObjectStore('snapshot', { keyPath: 'path' });
			db.createObjectStore('meta');
		},
		terminated: forget
	});
	// What failed once (storage full, private window) may well work the next time.
	opened.catch(forget);
	return opened;
}

function forget(): void {
	opened = undefined;
}

/** Makes `owner` the owner of this device's store, emptying it first where it was somebody else's. */
export async function claimDevice(owner: string): Promise<void> {
	const db = await open();
	const transaction = db.transaction(['snapshot', 'meta'], 'readwrite');
	const meta = transaction.objectStore('meta');
	if ((await meta.get('owner')) !== owner) {
		await transaction.objectStore('snapshot').clear();
		await meta.put(owner, 'owner');
	}
	await transaction.done;
}

/** Keeps a page of `owner`; does nothing where the device has another owner by now. */
export async function saveSnapshot(owner: string, snapshot: Snapshot): Promise<void> {
	const db = await open();
	const transaction = db.transaction(['snapshot', 'meta'], 'readwrite');
	const store = transaction.objectStore('snapshot');
	if ((await transaction.objectStore('meta').get('owner')) === owner) {
		await store.put(snapshot);
		const ofRoute = (await store.getAll())
			.filter((kept) => kept.routeId === snapshot.routeId)
			.sort((a, b) => b.savedAtMs - a.savedAtMs);
		await Promise.all(ofRoute.slice(KEPT_PER_ROUTE).map((old) => store.delete(old.path)));
	}
	await transaction.done;
}

/** Everything kept, newest first. */
export async function readSnapshots(): Promise<Snapshot[]> {
	const db = await open();
	return (await db.getAll('snapshot')).sort((a, b) => b.savedAtMs - a.savedAtMs);
}

/** Empties the store and remembers the address by which the server has yet to be told of the sign-out. */
export async function wipeDevice(pendingSignOut: string): Promise<void> {
	const db = await open();
	const transaction = db.transaction(['snapshot', 'meta'], 'readwrite');
	await transaction.objectStore('snapshot').clear();
	await transaction.objectStore('meta').clear();
	await transaction.objectStore('meta').put(pendingSignOut, 'pendingSignOut');
	await transaction.done;
}

/** Address of a sign-out that the server does not know of yet. */
export async function readPendingSignOut(): Promise<string | undefined> {
	const db = await open();
	return db.get('meta', 'pendingSignOut');
}

export async function clearPendingSignOut(): Promise<void> {
	const db = await open();
	await db.delete('meta', 'pendingSignOut');
}
