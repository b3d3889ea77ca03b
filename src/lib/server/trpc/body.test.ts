import { expect, test } from 'vitest';
import { readBounded } from './body.ts';

const URL = 'http://portal.example/api/trpc/x';

/** A body of unknown length, sent piece by piece. */
function streamed(pieces: readonly string[]): Request {
	const body = new ReadableStream({
		start(controller) {
			for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece));
			controller.close();
		}
	});
	return new Request(URL, { method: 'POST', body, duplex: 'half' } as RequestInit);
}

test('a body within the limit comes through as it is', async () => {
	const request = new Request(URL, {
		method: 'POST',
		body: '{"a":1}',
		headers: { 'content-type': 'application/json' }
	});
	const read = await readBounded(request, 7);
	expect(await read?.text()).toBe('{"a":1}');
	expect(read?.headers.get('content-type')).toBe('application/json');
});

test('a longer body is refused by its declared length', async () => {
	const headers = { 'content-length': '100000' };
	expect(await readBounded(new Request(URL, { method: 'POST', body: 'x', headers }), 10)).toBeUndefined();
});

test('a longer body is refused although it does not declare its length', async () => {
	expect(await readBounded(streamed(['12345', '67890']), 10)).toBeDefined();
	expect(await readBounded(streamed(['12345', '67890', '1']), 10)).toBeUndefined();
});

test('a request without a body stays as it is', async () => {
	const request = new Request(URL);
	expect(await readBounded(request, 0)).toBe(request);
});
