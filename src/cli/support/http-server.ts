import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OperatorError } from './failure.ts';

/** An HTTP server that has its port from the first moment and its application later. */
export interface HttpServer {
	readonly port: number;
	/** For what else speaks over its connections: the reload of the developers' server. */
	readonly server: Server;
	serve(handler: RequestListener): void;
	/** Takes no more connections and waits for the requests under way, but not for ever. */
	close(): Promise<void>;
}

const DRAIN_TIMEOUT_MS = 5_000;
const RETRY_AFTER_S = 2;

/**
 * Takes the port before the long steps of a start: a busy port is known at once, and a browser that comes
 * early is told to come back.
 */
export function listen(host: string, port: number): Promise<HttpServer> {
	let handler: RequestListener = (_request, response) => {
		response.writeHead(503, {
			'content-type': 'text/plain; charset=utf-8',
			'cache-control': 'no-store',
			'retry-after': String(RETRY_AFTER_S),
			refresh: String(RETRY_AFTER_S)
		});
		response.end('Meterside is starting.\n');
	};
	const server = createServer((request, response) => {
		// A kept-alive connection would hold up the end.
		if (!server.listening) response.setHeader('connection', 'close');
		handler(request, response);
	});
	return new Promise((resolve, reject) => {
		server.once('error', (error: NodeJS.ErrnoException) =>
			reject(
				error.syscall === 'getaddrinfo'
					? new OperatorError(`HOST ${host} is not an address of this machine`)
					: error
			)
		);
		server.listen(port, host, () => {
			server.removeAllListeners('error');
			resolve({
				port: (server.address() as AddressInfo).port,
				server,
				serve: (next) => (handler = next),
				close: () => drain(server)
			});
		});
	});
}

function drain(server: Server): Promise<void> {
	return new Promise((resolve) => {
		const timer = setTimeout(() => server.closeAllConnections(), DRAIN_TIMEOUT_MS);
		server.close(() => {
			clearTimeout(timer);
			resolve();
		});
		server.closeIdleConnections();
	});
}
