import { AppError, type AppErrorDetails } from '#lib/domain/kernel/app-error.ts';

/** Where in a file something stands, as far as it is known. Lines and columns count from 1. */
export interface Place {
	readonly line?: number;
	/** XML element, e.g. "IntervalReading". */
	readonly element?: string;
	/** Name of a CSV column, or the number of a field in a record. */
	readonly column?: string | number;
}

/** Refuses a whole file: nothing of it is kept. The details name the file, the place and the reason. */
export function refuse(fileName: string, place: Place, reason: string): never {
	throw refusal(fileName, place, reason);
}

export function refusal(fileName: string, place: Place, reason: string): AppError {
	const where = [
		place.line === undefined ? undefined : `line ${place.line}`,
		place.element === undefined ? undefined : `element ${place.element}`,
		place.column === undefined ? undefined : `column ${place.column}`
	].filter((part) => part !== undefined);
	const details: AppErrorDetails = {
		file: fileName,
		reason,
		...(place.line !== undefined && { line: place.line }),
		...(place.element !== undefined && { element: place.element }),
		...(place.column !== undefined && { column: place.column })
	};
	return new AppError('IMPORT_REFUSED', `${[fileName, ...where].join(', ')}: ${reason}`, details);
}
