import Bowser from 'bowser';
import type { SessionRow } from './repo.ts';

export type DeviceKind = 'phone' | 'tablet' | 'desktop' | 'unknown';

/** A signed-in browser as its owner may recognise it. */
export interface Device {
	readonly id: string;
	readonly kind: DeviceKind;
	/** "Chrome 130"; null where the browser does not say. */
	readonly browser: string | null;
	/** "Android 15"; null where the browser does not say. */
	readonly system: string | null;
	/** ISO instants. */
	readonly firstSeenAt: string;
	readonly lastSeenAt: string;
	readonly isCurrent: boolean;
}

const KINDS: Readonly<Record<string, DeviceKind>> = { mobile: 'phone', tablet: 'tablet', desktop: 'desktop' };

export function describeDevice(row: SessionRow, currentId: string): Device {
	const { browser, os, platform } = parse(row.userAgent);
	return {
		id: row.id,
		kind: KINDS[platform.type ?? ''] ?? 'unknown',
		browser: joined(browser.name, browser.version?.split('.')[0]),
		system: joined(os.name, os.versionName ?? os.version?.split('.').slice(0, 2).join('.')),
		firstSeenAt: row.createdAt.toISOString(),
		lastSeenAt: row.lastSeenAt.toISOString(),
		isCurrent: row.id === currentId
	};
}

/** The parser refuses an empty text; what it does not know, it leaves out. */
function parse(userAgent: string): Bowser.Parser.ParsedResult {
	return userAgent === '' ? { browser: {}, os: {}, platform: {}, engine: {} } : Bowser.parse(userAgent);
}

function joined(name: string | undefined, version: string | undefined): string | null {
	if (name === undefined || name === '') return null;
	return version === undefined || version === '' ? name : `${name} ${version}`;
}
