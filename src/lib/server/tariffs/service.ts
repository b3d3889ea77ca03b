import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Account, AccountPeriod } from '#lib/domain/identity/account.ts';
import type { Authorized } from '#lib/domain/identity/actor.ts';
import { AppError } from '#lib/domain/kernel/app-error.ts';
import { assert } from '#lib/domain/kernel/assert.ts';
import { canonicalJson } from '#lib/domain/kernel/canonical-json.ts';
import { enclosingPeriod, type DatePeriod, type LocalDate } from '#lib/domain/kernel/civil-time.ts';
import type { TariffSpan } from '#lib/domain/rating/types.ts';
import { parseTariff } from '#lib/domain/tariffs/parse.ts';
import type { Tariff } from '#lib/domain/tariffs/tariff.ts';
import type { App } from '#lib/server/app.ts';
import type { Executor } from '#lib/server/db/client.ts';
import * as repo from './repo.ts';

/** A tariff document with the name by which an operator knows it. */
export interface NamedDocument {
	readonly name: string;
	readonly json: unknown;
}

export interface TariffLoadSummary {
	readonly loaded: number;
	readonly unchanged: number;
}

/** A span with the stored edition that it comes from. */
export interface StoredTariffSpan extends TariffSpan {
	/** As it was published. */
	readonly document: unknown;
	readonly versionId: number;
	readonly sha256: string;
}

/** Reads every tariff document (*.json) of a folder, in order of name. */
export async function readTariffFolder(folder: string): Promise<NamedDocument[]> {
	const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
	return Promise.all(names.map((name) => readTariffFile(path.join(folder, name))));
}

/** @throws AppError TARIFF_INVALID where the file is no JSON */
export async function readTariffFile(file: string): Promise<NamedDocument> {
	const name = path.basename(file);
	const text = await readFile(file, 'utf8');
	try {
		return { name, json: JSON.parse(text) as unknown };
	} catch {
		throw new AppError('TARIFF_INVALID', `${name}: not JSON`, { document: name, reason: 'not JSON' });
	}
}

/**
 * Publishes tariff editions: all or none. An edition that is there already must be the very same document.
 * @throws AppError TARIFF_INVALID naming document, path and reason; CONFLICT for a changed edition or
 * overlapping validity
 */
export async function loadTariffs(app: App, documents: readonly NamedDocument[]): Promise<TariffLoadSummary> {
	const parsed = documents.map(({ name, json }) => ({ name, json, tariff: parseNamed(name, json) }));
	return app.db.transaction(async (tx) => {
		let loaded = 0;
		for (const { name, json, tariff } of parsed) {
			if (await publish(app, tx, name, json, tariff)) loaded++;
		}
		return { loaded, unchanged: parsed.length - loaded };
	});
}

async function publish(
	app: App,
	tx: Executor,
	name: string,
	json: unknown,
	tariff: Tariff
): Promise<boolean> {
	const sha256 = digestOf(json);
	const isNew = await repo.insertEdition(tx, {
		code: tariff.code,
		edition: tariff.edition,
		validFrom: tariff.validFrom,
		validTo: tariff.validTo,
		document: json,
		sha256,
		createdAt: new Date(app.clock.now().epochMilliseconds)
	});
	if (isNew) return true;
	const existing = await repo.findEdition(tx, tariff.code, tariff.edition);
	if (existing?.sha256 === sha256) return false;
	const reason =
		existing === undefined ? 'its validity overlaps another edition' : 'this edition has other content';
	throw new AppError('CONFLICT', `${name}: ${reason}`, { document: name, reason });
}

function parseNamed(name: string, json: unknown): Tariff {
	try {
		return parseTariff(json);
	} catch (error) {
		if (!(error instanceof AppError)) throw error;
		throw new AppError(error.code, `${name}: ${error.message}`, { ...error.details, document: name });
	}
}

/**
 * The tariff editions under which an account is supplied in a period, in order. Days without a tariff are
 * simply not covered.
 */
export async function tariffSpansOf(
	executor: Executor,
	account: Authorized<Account>,
	period: DatePeriod
): Promise<StoredTariffSpan[]> {
	const [spans] = await tariffSpansOfAccounts(executor, [{ account, period }]);
	return spans ?? [];
}

/** As `tariffSpansOf`, for many accounts at once and in their order. */
export async function tariffSpansOfAccounts(
	executor: Executor,
	wanted: readonly AccountPeriod[]
): Promise<StoredTariffSpan[][]> {
	const period = enclosingPeriod(wanted.map((one) => one.period));
	if (period === null) return [];
	const accounts = wanted.map(({ account }) => account);
	const rows = await repo.editionsOf(executor, accounts, period);
	const stored = await storedTariffs(
		executor,
		rows.map(({ version }) => version)
	);
	const byAccount = Map.groupBy(rows, ({ accountId }) => accountId);
	return wanted.map(({ account, period: own }) =>
		(byAccount.get(account.id) ?? []).flatMap(({ version, ...assignment }) => {
			const days = heldDays(own, assignment, version);
			return days === null ? [] : [{ period: days, ...stored(version) }];
		})
	);
}

/** @throws AppError NOT_FOUND */
export async function tariffVersionById(
	executor: Executor,
	versionId: number
): Promise<Omit<StoredTariffSpan, 'period'>> {
	const version = await repo.findVersion(executor, versionId);
	if (version === undefined) throw new AppError('NOT_FOUND', 'no such tariff edition');
	return (await storedTariffs(executor, [version]))(version);
}

/** Whether an edition still is what was published: its document is hashed anew. */
export async function isEditionIntact(executor: Executor, versionId: number): Promise<boolean> {
	const [stored] = await repo.documentsOf(executor, [versionId]);
	return stored !== undefined && digestOf(stored.document) === stored.sha256;
}

function digestOf(document: unknown): string {
	return createHash('sha256').update(canonicalJson(document)).digest('hex');
}

/** Documents by content: editions never change, and there are few. */
const knownDocuments = new Map<string, { readonly document: unknown; readonly tariff: Tariff }>();

/** Reads the documents that were not read yet. @returns the edition of a head */
export async function storedTariffs(
	executor: Executor,
	heads: readonly repo.EditionHead[]
): Promise<(head: repo.EditionHead) => Omit<StoredTariffSpan, 'period'>> {
	const unread = heads.filter(({ sha256 }) => !knownDocuments.has(sha256)).map(({ id }) => id);
	if (unread.length > 0) {
		for (const { sha256, document } of await repo.documentsOf(executor, [...new Set(unread)])) {
			knownDocuments.set(sha256, { document, tariff: parseTariff(document) });
		}
	}
	return ({ id, sha256 }) => {
		const known = knownDocuments.get(sha256);
		assert(known !== undefined, 'an edition has a document');
		return { versionId: id, sha256, ...known };
	};
}

interface Validity {
	readonly validFrom: LocalDate;
	readonly validTo: LocalDate | null;
}

/** The days of a period on which all hold; null where there is none. */
export function heldDays(period: DatePeriod, ...all: readonly Validity[]): DatePeriod | null {
	let { start, end } = period;
	for (const { validFrom, validTo } of all) {
		if (validFrom > start) start = validFrom;
		if (validTo !== null && validTo < end) end = validTo;
	}
	return start < end ? { start, end } : null;
}
