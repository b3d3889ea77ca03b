import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import yauzl from 'yauzl';
import { refuse } from '#lib/domain/metering/formats/refusal.ts';

/** A file of readings, unpacked while it is read. */
export interface ImportSource {
	readonly fileName: string;
	readonly bytes: AsyncIterable<Uint8Array>;
	/** Packed size, for the progress; undefined where it is not known. */
	readonly totalBytes: number | undefined;
	/** Packed bytes read so far. */
	bytesRead(): number;
}

const GZIP_MAGIC = [0x1f, 0x8b];
const ZIP_MAGIC = [0x50, 0x4b];

/**
 * Opens a file on disk: plain, gzip, or a zip with one file in it, told apart by their first bytes.
 * @throws AppError IMPORT_REFUSED where it cannot be read or the archive is not of that kind
 */
export async function openImportFile(filePath: string): Promise<ImportSource> {
	const fileName = path.basename(filePath);
	const { size } = await stat(filePath).catch((error: NodeJS.ErrnoException) =>
		refuse(fileName, {}, error.code === 'ENOENT' ? 'there is no such file' : `cannot be read (${error.code})`)
	);
	const magic = await firstBytes(filePath);
	if (startsWith(magic, ZIP_MAGIC)) return openZip(filePath, fileName, size);
	const file = createReadStream(filePath);
	const unpacked = startsWith(magic, GZIP_MAGIC) ? pipeline(file, createGunzip(), () => undefined) : file;
	return {
		fileName,
		bytes: refusingFailures(unpacked, fileName),
		totalBytes: size,
		bytesRead: () => file.bytesRead
	};
}

/** Bytes that are at hand already, e.g. an upload. */
export function importSourceOf(fileName: string, bytes: AsyncIterable<Uint8Array>): ImportSource {
	let read = 0;
	return {
		fileName,
		bytes: (async function* () {
			for await (const chunk of bytes) {
				read += chunk.length;
				yield chunk;
			}
		})(),
		totalBytes: undefined,
		bytesRead: () => read
	};
}

async function firstBytes(filePath: string): Promise<Uint8Array> {
	const file = await open(filePath);
	try {
		const { buffer, bytesRead } = await file.read(new Uint8Array(2), 0, 2, 0);
		return buffer.subarray(0, bytesRead);
	} finally {
		await file.close();
	}
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
	return magic.every((byte, index) => bytes[index] === byte);
}

async function openZip(filePath: string, fileName: string, size: number): Promise<ImportSource> {
	const damaged = (error: Error) => refuse(fileName, {}, `the zip cannot be read: ${error.message}`);
	const zip = await new Promise<yauzl.ZipFile>((resolve, reject) =>
		yauzl.open(filePath, { lazyEntries: true, autoClose: false }, (error, file) =>
			error === null ? resolve(file) : reject(error)
		)
	).catch(damaged);
	try {
		const files = (await entriesOf(zip).catch(damaged)).filter((entry) => !entry.fileName.endsWith('/'));
		const [entry] = files;
		if (entry === undefined || files.length > 1) {
			refuse(fileName, {}, `the zip holds ${files.length} files instead of one`);
		}
		const stream = await new Promise<Readable>((resolve, reject) =>
			zip.openReadStream(entry, (error, readable) => (error === null ? resolve(readable) : reject(error)))
		).catch(damaged);
		stream.once('close', () => zip.close());
		return {
			fileName: `${fileName}/${entry.fileName}`,
			bytes: refusingFailures(stream, fileName),
			totalBytes: size,
			bytesRead: () => (stream.readableEnded ? size : 0)
		};
	} catch (error) {
		zip.close();
		throw error;
	}
}

function entriesOf(zip: yauzl.ZipFile): Promise<yauzl.Entry[]> {
	return new Promise((resolve, reject) => {
		const entries: yauzl.Entry[] = [];
		zip.on('entry', (entry: yauzl.Entry) => {
			entries.push(entry);
			zip.readEntry();
		});
		zip.once('end', () => resolve(entries));
		zip.once('error', reject);
		zip.readEntry();
	});
}

/** A damaged archive is the file's fault, not ours. */
async function* refusingFailures(stream: Readable, fileName: string): AsyncGenerator<Uint8Array> {
	try {
		for await (const chunk of stream) yield chunk as Uint8Array;
	} catch (error) {
		refuse(fileName, {}, `cannot be read: ${error instanceof Error ? error.message : String(error)}`);
	}
}
