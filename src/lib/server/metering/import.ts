import { createHash, type Hash } from 'node:crypto';
import type pg from 'pg';
import { localDateAt, Temporal, type LocalDate } from '#lib/domain/kernel/civil-time.ts';
import { DayAssembly, type AssembledDay } from '#lib/domain/metering/day-assembly.ts';
import {
	METER_CLOCK,
	type FileItem,
	type Fragment,
	type RegisterFragment,
	type StatedClock
} from '#lib/domain/metering/formats/fragment.ts';
import {
	parseMeterFile,
	recogniseFormat,
	type CsvProfile,
	type FileFormat,
	type TextChunks
} from '#lib/domain/metering/formats/index.ts';
import { refuse } from '#lib/domain/metering/formats/refusal.ts';
import type { App } from '#lib/server/app.ts';
import { openDatabase } from '#lib/server/db/client.ts';
import { combineParts, mergeDays } from './import-merge.ts';
import { RegisterReadings } from './import-registers.ts';
import type { ImportSource } from './import-source.ts';
import { copyDays, createDayTable, type StoredDay } from './import-staging.ts';
import { summarise, type ImportResult, type ImportSummary } from './import-summary.ts';
import { accountIdOn, TargetResolver, type ImportTarget, type ImportTargets } from './import-targets.ts';
import { channelFromCode, channelToCode } from './mapping.ts';

/** A file to be taken in. */
export interface ImportRequest {
	readonly source: ImportSource;
	readonly targets: ImportTargets;
	/** For CSV files; the other formats are recognised. */
	readonly profile?: CsvProfile | undefined;
	/** Reads the file's times on the wall clock of the meters, whatever the format says. */
	readonly onMeterClock?: boolean;
}

export interface ImportProgress {
	readonly step: 'reading' | 'storing';
	/** Packed bytes. */
	readonly done: number;
	readonly total: number | undefined;
}

const STAGED = 'staged_day';
/** Intervals that are held while their meters are looked up. */
const LOOK_UP_BATCH = 50_000;
/** Any number that no other lock of this database uses: imports store their days one after the other. */
const IMPORT_LOCK_KEY = 7_268_341_956;

/**
 * Takes a file in, all or nothing, in one transaction. The same bytes with the same meaning are taken once.
 * @throws AppError IMPORT_REFUSED naming file, line or element, column and reason
 */
export async function importFile(
	app: App,
	request: ImportRequest,
	onProgress: (progress: ImportProgress) => void = () => undefined
): Promise<ImportResult> {
	// A connection of its own: a large file takes longer than any statement of the portal may.
	const database = openDatabase(app.env.DATABASE_URL ?? '', {
		logger: app.logger,
		poolSize: 1,
		statementTimeoutMs: 0
	});
	try {
		const client = await database.pool.connect();
		let failure: Error | undefined;
		try {
			await client.query('begin');
			const result = await new FileImport(app, request, client, onProgress).run();
			await client.query(result.status === 'imported' ? 'commit' : 'rollback');
			return result;
		} catch (error) {
			failure = error as Error;
			throw error;
		} finally {
			// Giving the connection up rolls back whatever it was in the middle of.
			client.release(failure ?? false);
		}
	} finally {
		await database.close();
	}
}

class FileImport {
	private readonly app: App;
	private readonly request: ImportRequest;
	private readonly client: pg.PoolClient;
	private readonly onProgress: (progress: ImportProgress) => void;
	private readonly fileName: string;
	private readonly hash: Hash = createHash('sha256');
	private readonly resolver: TargetResolver;
	private readonly assembly: DayAssembly<ImportTarget>;
	private readonly registers: RegisterReadings;
	private readonly registerMeters = new Set<string>();
	private readonly ignored: ImportSummary['ignored'][number][] = [];
	private readonly notes = new Set<string>();
	private readonly byServicePoint = new Map<number, ImportTarget>();
	private statedClock: StatedClock | undefined;

	constructor(
		app: App,
		request: ImportRequest,
		client: pg.PoolClient,
		onProgress: (progress: ImportProgress) => void
	) {
		this.app = app;
		this.request = request;
		this.client = client;
		this.onProgress = onProgress;
		this.fileName = request.source.fileName;
		this.resolver = new TargetResolver(app.db, this.fileName, request.targets);
		this.assembly = new DayAssembly(this.fileName);
		this.registers = new RegisterReadings(this.fileName);
	}

	async run(): Promise<ImportResult> {
		const { client, fileName } = this;
		await createDayTable(client, STAGED);
		const { format, chunks } = await this.openText();
		await copyDays(client, STAGED, this.storedDays(format, chunks));
		const sha256 = this.hash.digest('hex');
		const profile = profileKey(format, this.request);
		await client.query('select pg_advisory_xact_lock($1)', [IMPORT_LOCK_KEY]);
		const earlier = await findImport(client, sha256, profile);
		if (earlier !== undefined) return { status: 'already_imported', ...earlier };

		this.onProgress({ step: 'storing', done: 0, total: undefined });
		await combineParts(client, STAGED, fileName, (key, overlap) => {
			const target = this.byServicePoint.get(key.servicePointId);
			if (target !== undefined) this.assembly.noteOverlap(target, channelFromCode(key.channel), overlap);
		});
		const importedAt = new Date(this.app.clock.now().epochMilliseconds).toISOString();
		const importId = await insertImport(client, { sha256, profile, fileName, importedAt });
		const { rows } = await client.query<{ count: string }>(`select count(*) from ${STAGED}`);
		const counts = await mergeDays(client, STAGED, {
			importId,
			stagedDays: Number(rows[0]?.count),
			fileName
		});
		const changedRegisters = await this.registers.merge(client, importId);
		const summary = summarise({
			series: this.assembly.summaries(),
			counts,
			registers: {
				readings: this.registers.count,
				changed: changedRegisters,
				meterNos: this.registerMeters
			},
			ignored: this.ignored,
			notes: [...this.notes]
		});
		await client.query('update meter_import set summary = $1 where id = $2', [summary, importId]);
		return { status: 'imported', importedAt, summary };
	}

	/** The file's text in pieces, hashed and counted on the way; the format is recognised by the first piece. */
	private async openText(): Promise<{ format: FileFormat; chunks: TextChunks }> {
		const { profile } = this.request;
		const pieces = this.textPieces(profile?.encoding ?? 'utf-8');
		let beginning = '';
		let done = false;
		let format: FileFormat;
		try {
			while (!done && beginning.trim() === '') {
				const next = await pieces.next();
				if (next.done === true) done = true;
				else beginning += next.value;
			}
			format = profile === undefined ? recogniseFormat(beginning, this.fileName) : { kind: 'csv', profile };
		} catch (error) {
			await pieces.return(undefined);
			throw error;
		}
		return { format, chunks: continued(beginning, pieces) };
	}

	private async *textPieces(encoding: string): AsyncGenerator<string> {
		const { source } = this.request;
		const decoder = textDecoder(encoding, this.fileName);
		const decode = (bytes?: Uint8Array) => {
			try {
				return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
			} catch {
				return refuse(this.fileName, {}, `the text is not ${encoding}`);
			}
		};
		for await (const bytes of source.bytes) {
			this.hash.update(bytes);
			this.onProgress({ step: 'reading', done: source.bytesRead(), total: source.totalBytes });
			yield decode(bytes);
		}
		yield decode();
	}

	private async *storedDays(format: FileFormat, chunks: TextChunks): AsyncGenerator<StoredDay[]> {
		const options = {
			fileName: this.fileName,
			...(this.request.onMeterClock === true && { clock: METER_CLOCK })
		};
		let batch: (Fragment | RegisterFragment)[] = [];
		let intervals = 0;
		for await (const item of parseMeterFile(format, chunks, options)) {
			if (!this.isReading(item)) continue;
			batch.push(item);
			intervals += item.kind === 'intervals' ? item.quantities.length : 1;
			if (intervals < LOOK_UP_BATCH) continue;
			yield await this.assemble(batch);
			batch = [];
			intervals = 0;
		}
		yield await this.assemble(batch);
		yield this.assembly.finish().map((day) => this.stored(day));
	}

	private isReading(item: FileItem): item is Fragment | RegisterFragment {
		if (item.kind === 'ignored') {
			const { sourceId, register, reason } = item;
			this.ignored.push({ source: `${sourceId} ${register}`.trim(), reason });
		} else if (item.kind === 'clock') {
			this.statedClock = item;
		}
		return item.kind === 'intervals' || item.kind === 'register';
	}

	private async assemble(batch: readonly (Fragment | RegisterFragment)[]): Promise<StoredDay[]> {
		await this.resolver.prepare(batch);
		for (const item of batch) {
			const target = this.resolver.targetOf(item);
			if (item.kind === 'register') {
				this.keepRegister(item, target);
				continue;
			}
			this.compareClocks(target, item.labelMs);
			this.assembly.add(item, target);
		}
		return this.assembly.take().map((day) => this.stored(day));
	}

	private stored(day: AssembledDay<ImportTarget>): StoredDay {
		const { target, channel, localDate, intervalMinutes, quantities, qualities } = day;
		this.byServicePoint.set(target.servicePointId, target);
		return {
			accountId: this.accountOf(target, localDate),
			servicePointId: target.servicePointId,
			channel: channelToCode(channel),
			localDate,
			intervalMinutes,
			quantities,
			qualities
		};
	}

	private keepRegister(reading: RegisterFragment, target: ImportTarget): void {
		this.registerMeters.add(target.meterNo);
		const date = localDateAt(Temporal.Instant.fromEpochMilliseconds(reading.toMs - 1), target.timeZone);
		const accountId = this.accountOf(target, date);
		this.registers.add({ accountId, servicePointId: target.servicePointId, reading });
	}

	private accountOf(target: ImportTarget, date: LocalDate): number {
		return (
			accountIdOn(target, date) ??
			refuse(this.fileName, {}, `meter ${target.meterNo} is supplied under no account on ${date}`)
		);
	}

	/** Readings are instants; where the file's own local time is another one, its days are cut in another way. */
	private compareClocks(target: ImportTarget, instantMs: number): void {
		const stated = this.statedClock?.offsetMinutesAt(instantMs);
		if (stated === undefined || this.notes.size > 0) return;
		const instant = Temporal.Instant.fromEpochMilliseconds(instantMs);
		const offsetMinutes = instant.toZonedDateTimeISO(target.timeZone).offsetNanoseconds / 60e9;
		if (offsetMinutes === stated) return;
		this.notes.add(
			`the file's local time is UTC${stated < 0 ? '' : '+'}${stated / 60} h, meter ${target.meterNo} stands in ` +
				`${target.timeZone}: the days are those of the meter`
		);
	}
}

/** `beginning` and what is left of `pieces`, which are closed with it. */
async function* continued(beginning: string, pieces: AsyncGenerator<string>): AsyncGenerator<string> {
	try {
		yield beginning;
		yield* pieces;
	} finally {
		await pieces.return(undefined);
	}
}

function textDecoder(encoding: string, fileName: string): TextDecoder {
	try {
		return new TextDecoder(encoding, { fatal: true });
	} catch {
		return refuse(fileName, {}, `unknown encoding "${encoding}"`);
	}
}

/** Everything that the meaning of the bytes depends on, in few words. */
function profileKey(format: FileFormat, { targets, onMeterClock }: ImportRequest): string {
	const short = (value: unknown) =>
		createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
	const reading = format.kind === 'csv' ? `csv ${format.profile.name} ${short(format.profile)}` : format.kind;
	const clock = onMeterClock === true ? ' on meter clock' : '';
	switch (targets.kind) {
		case 'meter':
			return `${reading}${clock} to ${targets.meterNo}`;
		case 'map':
			return `${reading}${clock} by map ${short([...targets.meterNos].sort())}`;
		case 'same':
			return `${reading}${clock} by meter number`;
	}
}

async function findImport(
	client: pg.ClientBase,
	sha256: string,
	profile: string
): Promise<{ importedAt: string; summary: ImportSummary } | undefined> {
	const { rows } = await client.query<{ importedAt: Date; summary: ImportSummary }>(
		`select imported_at as "importedAt", summary from meter_import where sha256 = $1 and profile = $2`,
		[sha256, profile]
	);
	const [row] = rows;
	return row && { importedAt: row.importedAt.toISOString(), summary: row.summary };
}

async function insertImport(
	client: pg.ClientBase,
	row: { sha256: string; profile: string; fileName: string; importedAt: string }
): Promise<number> {
	const { rows } = await client.query<{ id: string }>(
		`insert into meter_import (sha256, profile, file_name, summary, imported_at)
			values ($1, $2, $3, '{}', $4) returning id`,
		[row.sha256, row.profile, row.fileName, row.importedAt]
	);
	return Number(rows[0]?.id);
}
