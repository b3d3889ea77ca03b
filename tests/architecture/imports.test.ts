import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import {
	importsOf,
	projectDir,
	sourcesUnder,
	withoutComments,
	type Import,
	type SourceFile
} from './sources.ts';

/**
 * Which domain modules a domain module may know. The table has no cycle, so neither has the code. Identity is
 * below tariffs: whom a tariff is for is told in identity's words.
 */
const DOMAIN_MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
	kernel: [],
	identity: ['kernel'],
	tariffs: ['kernel', 'identity'],
	// Only to name the periods that a curve is shown against.
	metering: ['kernel', 'tariffs'],
	ledger: ['kernel'],
	rating: ['kernel', 'identity', 'tariffs', 'metering'],
	billing: ['kernel', 'rating', 'ledger', 'identity', 'tariffs', 'metering'],
	payments: ['kernel', 'ledger', 'identity'],
	complaints: ['kernel', 'identity'],
	maintenance: ['kernel', 'identity'],
	advice: ['kernel', 'identity', 'rating', 'tariffs', 'metering'],
	notifications: ['kernel', 'identity']
};

/** Packages that compute and do nothing else. */
const PURE_PACKAGES = ['temporal-polyfill', 'csv-parse', 'saxes', 'fast-xml-builder', 'zod'];

/** Parts of the server that are nobody's own: any server module may use their files. */
const SHARED_SERVER_PARTS = ['db', 'auth/policy.ts'];

const domain = sourcesUnder('src/lib/domain');
const everything = sourcesUnder('src');
const production = everything.filter((file) => !file.isTest);

/** Names each import that breaks a rule, so that a failure says where to look. */
function breaches(
	files: readonly SourceFile[],
	isAllowed: (imported: Import, file: SourceFile) => boolean
): string[] {
	return files.flatMap((file) =>
		importsOf(file)
			.filter((imported) => !isAllowed(imported, file))
			.map((imported) => `${file.path} imports ${imported.target}`)
	);
}

function domainModuleOf(file: string): string | undefined {
	return /^src\/lib\/domain\/([^/]+)\//.exec(file)?.[1];
}

function serverModuleOf(file: string): string | undefined {
	return /^src\/lib\/server\/([^/]+)\//.exec(file)?.[1];
}

describe('the domain', () => {
	test('imports nothing but the domain and pure packages', () => {
		const isPure = ({ target, isOwn }: Import) =>
			isOwn ? target.startsWith('src/lib/domain/') : PURE_PACKAGES.includes(target);
		expect(
			breaches(
				domain.filter((file) => !file.isTest),
				isPure
			)
		).toEqual([]);
	});

	test('has only modules of the table, and each of them imports only those that the table allows', () => {
		const modules = readdirSync(path.join(projectDir, 'src/lib/domain'));
		expect(modules.filter((name) => DOMAIN_MAY_IMPORT[name] === undefined)).toEqual([]);
		const isAllowed = ({ target }: Import, file: SourceFile) => {
			const [from, to] = [domainModuleOf(file.path), domainModuleOf(target)];
			if (from === undefined || to === undefined || from === to) return true;
			return DOMAIN_MAY_IMPORT[from]?.includes(to) ?? false;
		};
		expect(
			breaches(
				domain.filter((file) => !file.isTest),
				isAllowed
			)
		).toEqual([]);
	});

	test('asks nobody for the time, for chance, for settings or for the network', () => {
		const impure = /\bDate\.now\b|\bnew Date\(\)|\bTemporal\.Now\b|\bMath\.random\b|\bprocess\.|\bfetch\(/;
		const found = domain.filter((file) => !file.isTest && impure.test(withoutComments(file.text)));
		expect(found.map((file) => file.path)).toEqual([]);
	});

	test('says in a README what each module owns', () => {
		const modules = readdirSync(path.join(projectDir, 'src/lib/domain'));
		const missing = modules.filter(
			(name) => !existsSync(path.join(projectDir, 'src/lib/domain', name, 'README.md'))
		);
		expect(missing).toEqual([]);
	});
});

describe('the server', () => {
	const server = production.filter((file) => file.path.startsWith('src/lib/server/'));

	test("uses another module's index.ts only", () => {
		const isAllowed = ({ target }: Import, file: SourceFile) => {
			const [from, to] = [serverModuleOf(file.path), serverModuleOf(target)];
			if (to === undefined || from === to || target === `src/lib/server/${to}/index.ts`) return true;
			return SHARED_SERVER_PARTS.some((part) => target.startsWith(`src/lib/server/${part}`));
		};
		expect(breaches(server, isAllowed)).toEqual([]);
	});

	test('opens transactions in services only: not in queries, mappings, procedures or wiring', () => {
		const isNoService = /^src\/lib\/server\/([^/]+\.ts$|trpc\/|db\/|.*\b(repo|mapping)\.ts$)/;
		const found = server.filter(
			(file) => isNoService.test(file.path) && /\.transaction\(/.test(withoutComments(file.text))
		);
		expect(found.map((file) => file.path)).toEqual([]);
	});

	test('reads settings in one module; only the commands touch the environment besides', () => {
		const found = production.filter(
			(file) =>
				/\bprocess\.env\b/.test(withoutComments(file.text)) &&
				file.path !== 'src/lib/server/env.ts' &&
				!file.path.startsWith('src/cli/')
		);
		expect(found.map((file) => file.path)).toEqual([]);
	});
});

describe('what runs in the browser', () => {
	test('imports no server code: components not at all, the rest its types at most', () => {
		const browser = production.filter(
			(file) =>
				/^src\/lib\/(components|client|i18n)\//.test(file.path) ||
				/^src\/(service-worker\/|hooks\.client)/.test(file.path) ||
				/^src\/routes\/.*(\.svelte|\+(page|layout)\.ts)$/.test(file.path)
		);
		const isAllowed = ({ target, isTypeOnly }: Import, file: SourceFile) =>
			!target.startsWith('src/lib/server/') || (isTypeOnly && !file.path.startsWith('src/lib/components/'));
		expect(breaches(browser, isAllowed)).toEqual([]);
	});
});

describe('routes', () => {
	test('reach data through procedures and services, never through the database', () => {
		const routes = production.filter((file) => file.path.startsWith('src/routes/'));
		const isAllowed = ({ target }: Import) =>
			!target.startsWith('src/lib/server/db/') &&
			!/^src\/lib\/server\/[^/]+\/(repo|mapping)\.ts$/.test(target);
		expect(breaches(routes, isAllowed)).toEqual([]);
	});
});

describe('the tree', () => {
	test('imports nothing from the payment sandbox, which is a program of its own', () => {
		const others = production.filter((file) => !file.path.startsWith('src/sandbox/'));
		expect(breaches(others, ({ target }) => !target.startsWith('src/sandbox/'))).toEqual([]);
	});

	test('names its own files with their extension, through #lib/ or relatively', () => {
		const found = breaches(
			everything,
			({ target, isOwn }) =>
				!isOwn || /\.(ts|js|svelte|json|css|html|svg|sql)(\?\w+)?$/.test(target) || /\/\$types$/.test(target)
		);
		const aliased = everything.filter((file) => /from '\$lib\//.test(file.text)).map((file) => file.path);
		expect([...found, ...aliased]).toEqual([]);
	});

	test('has file names in kebab-case and components in PascalCase', () => {
		const kebab = /^(\+|\$)?[a-z0-9]+([.-][a-z0-9]+)*\.(ts|js|mjs)$/;
		const component = /^([A-Z][A-Za-z0-9]*|\+(page|layout|error))(@[^.]*)?\.svelte$/;
		const found = everything.filter(({ path: file }) => {
			const name = path.posix.basename(file);
			return name.endsWith('.svelte') ? !component.test(name) : !kebab.test(name.replace(/^\+/, ''));
		});
		expect(found.map((file) => file.path)).toEqual([]);
	});
});
