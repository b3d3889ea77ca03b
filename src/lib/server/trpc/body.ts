/**
 * The request with its whole body in memory; undefined when that is longer than `maxBytes`, whatever its
 * header claims.
 */
export async function readBounded(request: Request, maxBytes: number): Promise<Request | undefined> {
	if (request.body === null) return request;
	if (Number(request.headers.get('content-length') ?? 0) > maxBytes) return undefined;
	const parts: Uint8Array[] = [];
	let length = 0;
	for await (const part of request.body) {
		length += part.byteLength;
		if (length > maxBytes) return undefined;
		parts.push(part);
	}
	const { url, method, headers } = request;
	return new Request(url, { method, headers, body: new Blob(parts as BlobPart[]) });
}
