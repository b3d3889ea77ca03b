const HSTS = 'max-age=31536000; includeSubDomains';

const HEADERS: Readonly<Record<string, string>> = {
	'x-content-type-options': 'nosniff',
	'referrer-policy': 'same-origin',
	'permissions-policy':
		'accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), ' +
		'magnetometer=(), microphone=(), midi=(), payment=(), usb=()',
	'cross-origin-opener-policy': 'same-origin',
	'cross-origin-resource-policy': 'same-origin',
	'x-frame-options': 'DENY'
};

/**
 * Gives an answer of the portal its protective headers. Nothing that passes here may be kept by a cache:
 * immutable assets are served before.
 */
export function withProtectiveHeaders(response: Response, isHttps: boolean): Response {
	const protectedResponse = isImmutable(response) ? new Response(response.body, response) : response;
	const { headers } = protectedResponse;
	for (const [name, value] of Object.entries(HEADERS)) headers.set(name, value);
	headers.set('cache-control', 'no-store');
	if (isHttps) headers.set('strict-transport-security', HSTS);
	return protectedResponse;
}

/** Answers of `fetch` and `Response.redirect` refuse changes of their headers. */
function isImmutable({ headers }: Response): boolean {
	try {
		headers.delete('x-immutable-probe');
		return false;
	} catch {
		return true;
	}
}
