import { DrizzleQueryError } from 'drizzle-orm/errors';
import { expect, test } from 'vitest';
import { isDatabaseAway } from './away.ts';

function withCode(code: string): Error {
	return Object.assign(new Error('x'), { code });
}

test.each([
	['a refused connection', withCode('ECONNREFUSED')],
	['a server that is shutting down', withCode('57P01')],
	['a connection that broke off', new Error('Connection terminated unexpectedly')],
	['a pool that waits in vain', new Error('timeout exceeded when trying to connect')],
	['any of them inside a query', new DrizzleQueryError('select 1', [], withCode('57P03'))],
	['each address of a name refused', new AggregateError([withCode('ECONNREFUSED')])]
])('%s: the database is away', (_, failure) => {
	expect(isDatabaseAway(failure)).toBe(true);
});

test.each([
	['a broken statement', withCode('42601')],
	['a value that is there already', new DrizzleQueryError('insert', [], withCode('23505'))],
	['a defect of ours', new TypeError('x is not a function')],
	['nothing', undefined]
])('%s is something else', (_, failure) => {
	expect(isDatabaseAway(failure)).toBe(false);
});
