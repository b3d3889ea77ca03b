/** A command's answer as JSON. Big integers are written as strings, since JSON's numbers lose digits. */
export function toJson(result: unknown): string {
	return JSON.stringify(
		result ?? null,
		(_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value),
		2
	);
}

/** A command's answer as text for a terminal: a table for a list, one line per field for an object. */
export function toPlainText(result: unknown): string {
	if (result === undefined || result === null) return '';
	if (Array.isArray(result)) {
		if (result.length === 0) return '(none)';
		return result.every(isRecord) ? table(result) : result.map(cell).join('\n');
	}
	return isRecord(result) ? fields(result) : cell(result);
}

function fields(record: Record<string, unknown>, indent = ''): string {
	const width = Math.max(0, ...Object.keys(record).map((name) => name.length));
	return Object.entries(record)
		.map(([name, value]) => {
			if (Array.isArray(value) && value.length > 0 && value.every(isRecord)) {
				return `${indent}${name}:\n${table(value, `${indent}  `)}`;
			}
			if (isRecord(value)) return `${indent}${name}:\n${fields(value, `${indent}  `)}`;
			return `${indent}${name.padEnd(width)}  ${cell(value)}`;
		})
		.join('\n');
}

function table(rows: readonly Record<string, unknown>[], indent = ''): string {
	const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
	const texts = [columns, ...rows.map((row) => columns.map((column) => cell(row[column])))];
	const widths = columns.map((_, at) => Math.max(...texts.map((row) => row[at]?.length ?? 0)));
	return texts
		.map((row) => (indent + row.map((text, at) => text.padEnd(widths[at] ?? 0)).join('  ')).trimEnd())
		.join('\n');
}

function cell(value: unknown): string {
	if (value === undefined || value === null) return '-';
	if (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) return toJson(value);
	if (Array.isArray(value)) return value.map(cell).join(', ');
	// eslint-disable-next-line @typescript-eslint/no-base-to-string -- dates and Temporal values say what they are
	return String(value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
