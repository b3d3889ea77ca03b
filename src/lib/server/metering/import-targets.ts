import { eq, inArray } from 'drizzle-orm';
import type { LocalDate } from '#lib/domain/kernel/civil-time.ts';
import { refuse } from '#lib/domain/metering/formats/refusal.ts';
import type { Executor } from '#lib/server/db/client.ts';
import { accountServicePoint, servicePoint } from '#lib/server/db/schema/index.ts';

/** Which meters of the portal the meters of a file are. */
export type ImportTargets =
	/** The file is of one meter, this one. */
	| { readonly kind: 'meter'; readonly meterNo: string }
	/**
	 * Meter numbers by the file's own names: NMI or "NMI:E2", usage point (its path or the last part of it),
	 * or column of a CSV profile.
	 */
	| { readonly kind: 'map'; readonly meterNos: ReadonlyMap<string, string> }
	/** The file's names are the portal's meter numbers. */
	| { readonly kind: 'same' };

/** A meter with the accounts that it was supplied under. */
export interface ImportTarget {
	readonly meterNo: string;
	readonly timeZone: string;
	readonly servicePointId: number;
	readonly accounts: readonly AccountPeriod[];
}

interface AccountPeriod {
	readonly accountId: number;
	readonly validFrom: LocalDate;
	readonly validTo: LocalDate | null;
}

/** Names of one series of a file. */
export interface SourceName {
	readonly sourceId: string;
	readonly register: string;
}

/** Finds the meters of a file, many at a time. */
export class TargetResolver {
	private readonly executor: Executor;
	private readonly fileName: string;
	private readonly targets: ImportTargets;
	/** Undefined: looked up and not there. */
	private readonly byMeterNo = new Map<string, ImportTarget | undefined>();
	private readonly bySource = new Map<string, ImportTarget>();
	private onlySource: string | undefined;

	constructor(executor: Executor, fileName: string, targets: ImportTargets) {
		this.executor = executor;
		this.fileName = fileName;
		this.targets = targets;
	}

	/** Looks up what is not known yet, in one query. */
	async prepare(sources: Iterable<SourceName>): Promise<void> {
		const wanted = new Set<string>();
		for (const source of sources) {
			if (this.bySource.has(keyOf(source))) continue;
			for (const meterNo of this.candidates(source)) if (!this.byMeterNo.has(meterNo)) wanted.add(meterNo);
		}
		if (wanted.size === 0) return;
		const found = await findTargets(this.executor, [...wanted]);
		for (const meterNo of wanted) this.byMeterNo.set(meterNo, found.get(meterNo));
	}

	/**
	 * The meter of a prepared source.
	 * @throws AppError IMPORT_REFUSED where the source is not mapped, or the meter does not exist
	 */
	targetOf(source: SourceName): ImportTarget {
		const key = keyOf(source);
		let target = this.bySource.get(key);
		if (target === undefined) {
			const candidates = this.candidates(source);
			target = candidates.map((meterNo) => this.byMeterNo.get(meterNo)).find((found) => found !== undefined);
			if (target === undefined) this.refuseUnknown(source, candidates);
			this.bySource.set(key, target);
		}
		return target;
	}

	private candidates({ sourceId, register }: SourceName): string[] {
		const { targets } = this;
		if (targets.kind === 'meter') {
			this.onlySource ??= sourceId;
			if (sourceId !== this.onlySource) {
				refuse(
					this.fileName,
					{},
					`holds several meters (${lastPart(this.onlySource)}, ${lastPart(sourceId)}): map each to its own`
				);
			}
			return [targets.meterNo];
		}
		const names = [
			`${sourceId}:${register}`,
			`${lastPart(sourceId)}:${register}`,
			sourceId,
			lastPart(sourceId)
		];
		if (targets.kind === 'same') return [...new Set(names.slice(2))];
		const mapped = names.map((name) => targets.meterNos.get(name)).find((meterNo) => meterNo !== undefined);
		return mapped === undefined ? [] : [mapped];
	}

	private refuseUnknown(source: SourceName, candidates: readonly string[]): never {
		const name = lastPart(source.sourceId);
		if (candidates.length === 0) refuse(this.fileName, {}, `meter ${name} of the file is mapped to no meter`);
		return refuse(this.fileName, {}, `there is no meter ${candidates.at(-1)} in the portal`);
	}
}

/** The account that a meter was supplied under on a day; undefined where there was none. */
export function accountIdOn(target: ImportTarget, date: LocalDate): number | undefined {
	for (const { accountId, validFrom, validTo } of target.accounts) {
		if (validFrom <= date && (validTo === null || date < validTo)) return accountId;
	}
	return undefined;
}

function keyOf({ sourceId, register }: SourceName): string {
	return `${register} ${sourceId}`;
}

/** Usage points are named by a path; its last part is what people call them. */
function lastPart(sourceId: string): string {
	return sourceId.slice(sourceId.lastIndexOf('/') + 1);
}

async function findTargets(executor: Executor, meterNos: string[]): Promise<Map<string, ImportTarget>> {
	const rows = await executor
		.select({
			meterNo: servicePoint.meterNo,
			timeZone: servicePoint.timeZone,
			servicePointId: servicePoint.id,
			accountId: accountServicePoint.accountId,
			validFrom: accountServicePoint.validFrom,
			validTo: accountServicePoint.validTo
		})
		.from(servicePoint)
		.leftJoin(accountServicePoint, eq(accountServicePoint.servicePointId, servicePoint.id))
		.where(inArray(servicePoint.meterNo, meterNos));
	const found = new Map<string, ImportTarget & { accounts: AccountPeriod[] }>();
	for (const { meterNo, timeZone, servicePointId, accountId, validFrom, validTo } of rows) {
		let target = found.get(meterNo);
		if (target === undefined)
			found.set(meterNo, (target = { meterNo, timeZone, servicePointId, accounts: [] }));
		if (accountId !== null && validFrom !== null) target.accounts.push({ accountId, validFrom, validTo });
	}
	return found;
}
