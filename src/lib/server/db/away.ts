/** Connection and shutdown failures as Node and PostgreSQL (SQLSTATE) name them. */
const AWAY_CODES =
	/^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|ENOENT|08\w{3}|57P0[123]|53300)$/;
/** What `pg` reports without a code. */
const AWAY_TEXTS = /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout)/;

/** A statement that was stopped because it, or the lock that it waited for, took too long. */
export function isTimedOut(failure: unknown): boolean {
	for (let cause = failure; cause instanceof Error; cause = cause.cause) {
		if ((cause as { code?: unknown }).code === '57014') return true;
	}
	return false;
}

/** Whether a failed query failed because the database cannot be reached at the moment: worth another try. */
export function isDatabaseAway(failure: unknown): boolean {
	for (let cause = failure; cause instanceof Error; cause = cause.cause) {
		const { code } = cause as { code?: unknown };
		if (typeof code === 'string' && AWAY_CODES.test(code)) return true;
		if (AWAY_TEXTS.test(cause.message)) return true;
		if (cause instanceof AggregateError && cause.errors.some(isDatabaseAway)) return true;
	}
	return false;
}
