import { describe, expect, it } from 'vitest';
import { areaPaths, linePath } from './curve-path.ts';

describe('small curves', () => {
	it('run through the middle of each interval', () => {
		expect(linePath([0, 50, 100], 100)).toBe('M0.5 100L1.5 50L2.5 0');
	});

	it('break where readings are missing, and never touch zero there', () => {
		expect(linePath([50, 50, null, 25, 25], 50)).toBe('M0.5 0L1.5 0M3.5 50L4.5 50');
	});

	it('show a lone reading between gaps', () => {
		expect(linePath([null, 10, null], 10)).toBe('M1.5 0h0.6');
	});

	it('are empty without readings', () => {
		expect(linePath([null, null], 1)).toBe('');
		expect(areaPaths([], [], 1)).toBe('');
	});

	it('fill a band only where both edges are known', () => {
		expect(areaPaths([0, 0, null], [10, 10, 10], 10)).toBe('M0.5 0L1.5 0L1.5 100L0.5 100Z');
	});
});
