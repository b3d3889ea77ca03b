import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { combineDay, mergeDay, type DaySlots } from './merge-day.ts';

const letters = 'xmec';

/** "1m 2e x" as slots. */
function slots(text: string): DaySlots {
	const cells = text.split(' ');
	return {
		quantities: Int32Array.from(cells, (cell) => Number(cell.slice(0, -1))),
		qualities: Uint8Array.from(cells, (cell) => letters.indexOf(cell.slice(-1)))
	};
}

function text({ quantities, qualities }: DaySlots): string {
	return [...quantities]
		.map((quantity, slot) => (qualities[slot] === 0 ? 'x' : `${quantity}${letters[qualities[slot] ?? 0]}`))
		.join(' ');
}

const daySlots = fc
	.array(fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 3 })), {
		minLength: 6,
		maxLength: 6
	})
	.map((cells): DaySlots => ({
		quantities: Int32Array.from(cells, ([quantity, quality]) => (quality === 0 ? 0 : quantity)),
		qualities: Uint8Array.from(cells, ([, quality]) => quality)
	}));

describe('a later delivery of a day', () => {
	it.each([
		['a missing interval takes nothing away', '5m', 'x', '5m', false],
		['a gap is filled as delivered', 'x', '5e', '5e', true],
		['the same value changes nothing', '5m', '5m', '5m', false],
		['another measured value is a correction', '5m', '6m', '6c', true],
		['a correction stays one when the same value comes again', '6c', '6m', '6c', false],
		['an estimate that is measured becomes measured', '5e', '6m', '6m', true],
		['an estimate that is confirmed becomes measured', '5e', '5m', '5m', true],
		['an estimate in place of a measured value counts as delivered', '5m', '6e', '6e', true]
	])('%s', (_rule, known, incoming, expected, changed) => {
		const merged = mergeDay(slots(known), slots(incoming));
		expect(text(merged)).toBe(expected);
		expect(merged.changed).toBe(changed);
	});

	it('changes nothing when it is merged a second time', () => {
		fc.assert(
			fc.property(daySlots, daySlots, (known, incoming) => {
				const once = mergeDay(known, incoming);
				const twice = mergeDay(once, incoming);
				expect(twice.changed).toBe(false);
				expect(text(twice)).toBe(text(once));
			})
		);
	});
});

describe('two parts of a day in one file', () => {
	it('say the same whichever comes first', () => {
		fc.assert(
			fc.property(daySlots, daySlots, (one, other) => {
				const [forth, back] = [combineDay(one, other), combineDay(other, one)];
				expect(back.conflictSlot).toBe(forth.conflictSlot);
				expect(back.duplicates).toBe(forth.duplicates);
				if (forth.conflictSlot === undefined) expect(text(back)).toBe(text(forth));
			})
		);
	});
});
