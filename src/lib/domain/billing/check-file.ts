import { z } from 'zod';
import { AppError } from '#lib/domain/kernel/app-error.ts';
import { canonicalJson } from '#lib/domain/kernel/canonical-json.ts';
import { firstIssue } from '#lib/domain/kernel/first-issue.ts';
import { sha256 } from '#lib/domain/kernel/sha256.ts';
import { lineFile, resultFile, type ResultFile } from '#lib/domain/rating/files/result-file.ts';
import { rate } from '#lib/domain/rating/rate.ts';
import type { RatedLine } from '#lib/domain/rating/types.ts';
import { checkInputShape, ratingInputOf, type CheckInput } from './check-input.ts';

export type CheckedLine = Pick<
	ResultFile['lines'][number],
	'reference' | 'quantity' | 'unit' | 'unitPrice' | 'amount'
>;

/** A bill with its input, for anyone to compute again. */
export interface CheckFile {
	readonly format: 'meterside-bill';
	readonly version: 1;
	readonly billNo: string;
	readonly currency: string;
	readonly total: string;
	readonly lines: readonly CheckedLine[];
	readonly input: CheckInput;
	/** SHA-256 of the canonical JSON of `input`. */
	readonly inputSha256: string;
}

/** One line as billed and as computed anew; null where one side does not have it. */
export interface LineCheck {
	readonly reference: string;
	readonly billed: string | null;
	readonly computed: string | null;
	readonly agrees: boolean;
}

export interface BillCheck {
	readonly billNo: string;
	readonly currency: string;
	/** Whether the input is the very one that the file's hash was made of. */
	readonly isInputIntact: boolean;
	readonly lines: readonly LineCheck[];
	readonly billedTotal: string;
	/** Null where the rating refuses the input. */
	readonly computedTotal: string | null;
	readonly agrees: boolean;
}

/** Puts a bill and its input into a file. */
export async function makeCheckFile(
	bill: Pick<CheckFile, 'billNo' | 'currency' | 'total' | 'lines'>,
	input: CheckInput
): Promise<CheckFile> {
	const inputSha256 = await sha256(canonicalJson(input));
	return { format: 'meterside-bill', version: 1, ...bill, input, inputSha256 };
}

/** What a check compares of a line: its quantity and price as well as its amount. */
export function checkedLine(line: RatedLine): CheckedLine {
	return picked(lineFile(line));
}

function picked({ reference, quantity, unit, unitPrice, amount }: ResultFile['lines'][number]): CheckedLine {
	return { reference, quantity, unit, unitPrice, amount };
}

/**
 * Computes a bill again from its input, by the engine that issued it, and compares it line by line.
 * @throws AppError TARIFF_INVALID naming the field
 */
export async function checkBill(file: CheckFile): Promise<BillCheck> {
	const isInputIntact = (await sha256(canonicalJson(file.input))) === file.inputSha256;
	const result = rate(ratingInputOf(file.input));
	const computed = result.ok ? resultFile(result) : null;
	const references = new Set([
		...file.lines.map(({ reference }) => reference),
		...(computed?.lines ?? []).map(({ reference }) => reference)
	]);
	const lines = [...references].map((reference): LineCheck => {
		const billed = file.lines.find((line) => line.reference === reference);
		const again = computed?.lines.find((line) => line.reference === reference);
		return {
			reference,
			billed: billed?.amount ?? null,
			computed: again?.amount ?? null,
			agrees:
				billed !== undefined && again !== undefined && canonicalJson(picked(again)) === canonicalJson(billed)
		};
	});
	return {
		billNo: file.billNo,
		currency: file.currency,
		isInputIntact,
		lines,
		billedTotal: file.total,
		computedTotal: computed?.total ?? null,
		agrees: isInputIntact && computed?.total === file.total && lines.every(({ agrees }) => agrees)
	};
}

const shape = z.looseObject({
	format: z.literal('meterside-bill'),
	version: z.literal(1),
	billNo: z.string(),
	total: z.string(),
	lines: z.array(z.looseObject({ reference: z.string(), amount: z.string() })),
	currency: z.string(),
	input: checkInputShape,
	inputSha256: z.string()
});

/** @throws AppError VALIDATION_FAILED naming the field */
export function parseCheckFile(json: unknown): CheckFile {
	const parsed = shape.safeParse(json);
	if (parsed.success) return json as CheckFile;
	const { path: field, reason } = firstIssue(parsed.error);
	throw new AppError('VALIDATION_FAILED', `${field}: ${reason}`, { field });
}
