export const ADMIN = 'postgres';
export const OWNER = 'meterside';
export const DATABASE = 'meterside';
export const SOCKET_PORT = 5432;

/** For a small machine that does other work as well. What keeps data safe is left at the server's defaults. */
export const SETTINGS: Readonly<Record<string, string>> = {
	listen_addresses: '',
	unix_socket_permissions: '0700',
	port: String(SOCKET_PORT),
	max_connections: '60',
	shared_buffers: '128MB',
	effective_cache_size: '512MB',
	work_mem: '8MB',
	maintenance_work_mem: '64MB',
	min_wal_size: '80MB',
	max_wal_size: '512MB',
	// One server without replicas or archive.
	wal_level: 'minimal',
	max_wal_senders: '0',
	max_logical_replication_workers: '0',
	io_method: 'sync',
	// Queries here are short; compiling them costs more than it saves.
	jit: 'off',
	timezone: 'UTC',
	log_timezone: 'UTC',
	lc_messages: 'C',
	log_min_messages: 'warning',
	log_destination: 'stderr',
	logging_collector: 'off'
};
