import { describe, expect, it } from 'vitest';
import { BILL_STATES, canBecome } from './bill-state.ts';

describe('a bill', () => {
	it.each([
		['draft', ['issued', 'cancelled']],
		['issued', ['corrected', 'cancelled']],
		['corrected', []],
		['cancelled', []]
	] as const)('that is %s can become %s and nothing else', (from, next) => {
		expect(BILL_STATES.filter((to) => canBecome(from, to))).toEqual(next);
	});
});
