/** Shows how far a long step is: one line that rewrites itself on a terminal, few plain lines elsewhere. */
export interface Progress {
	/** A step, or its next count. The same label continues the step; another one begins the next. */
	update(label: string, done?: number, total?: number): void;
	/** Completes the step under way. */
	finish(): void;
	/** Ends the step under way as not completed. */
	abandon(): void;
	/** A line of its own. */
	note(line: string): void;
}

const REDRAW_INTERVAL_MS = 80;
const PLAIN_INTERVAL_MS = 5_000;

/** @param stream standard error by default: an answer on standard output stays clean */
export function createProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
	let label: string | undefined;
	let last = '';
	let startedAt = 0;
	let shownAt = 0;

	const count = (done?: number, total?: number) =>
		done === undefined ? '' : total === undefined ? ` ${format(done)}` : ` ${format(done)}/${format(total)}`;
	const write = (line: string) =>
		stream.write(stream.isTTY ? `\r\x1b[2K${line.slice(0, stream.columns - 1)}` : `${line}\n`);

	function finish(): void {
		if (label === undefined) return;
		write(`${label}${last}: done in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
		if (stream.isTTY) stream.write('\n');
		label = undefined;
	}

	return {
		update(nextLabel, done, total) {
			const now = Date.now();
			if (nextLabel !== label) {
				finish();
				label = nextLabel;
				startedAt = now;
				shownAt = 0;
			}
			last = count(done, total);
			if (now - shownAt < (stream.isTTY ? REDRAW_INTERVAL_MS : PLAIN_INTERVAL_MS)) return;
			shownAt = now;
			write(`${nextLabel}${last} ...`);
		},
		finish,
		abandon() {
			if (label !== undefined && stream.isTTY) stream.write('\n');
			label = undefined;
		},
		note(line) {
			finish();
			stream.write(`${line}\n`);
		}
	};
}

function format(count: number): string {
	return count.toLocaleString('en-US');
}
