import pg from 'pg';
import { EmbeddedServerError } from './failure.ts';
import { DATABASE, OWNER, SOCKET_PORT } from './settings.ts';

/** The portal works as a user that owns its database and is no superuser. */
export async function createOwnDatabase(adminUrl: string, password: string, dir: string): Promise<void> {
	const client = new pg.Client({ connectionString: adminUrl });
	client.on('error', () => undefined);
	try {
		await client.connect();
		const { rows } = await client.query<{ role: boolean; database: boolean }>(
			`select exists (select from pg_roles where rolname = $1) as role,
				exists (select from pg_database where datname = $2) as database`,
			[OWNER, DATABASE]
		);
		if (!rows[0]?.role)
			await client.query(`create role ${OWNER} login password ${client.escapeLiteral(password)}`);
		if (!rows[0]?.database) await client.query(`create database ${DATABASE} owner ${OWNER}`);
	} catch (error) {
		const { code, message } = error as { code?: string; message: string };
		if (code === '28P01') {
			throw new EmbeddedServerError(
				'The database does not accept the password kept in instance.json: the two do not belong together; restore the data folder as a whole'
			);
		}
		// The maintenance database, or a file of it, is gone; or a page of it cannot be read.
		if (['3D000', '58P01', 'XX001', 'XX002'].includes(code ?? '')) {
			throw new EmbeddedServerError(
				`The data folder ${dir} is broken (${message}); restore it from a backup`
			);
		}
		throw error;
	} finally {
		await client.end();
	}
}

/** A connection string through the socket. */
export function urlOf(user: string, password: string, socketDir: string, database: string): string {
	return `postgresql://${user}:${encodeURIComponent(password)}@${encodeURIComponent(socketDir)}:${SOCKET_PORT}/${database}`;
}
