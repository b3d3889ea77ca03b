import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const projectDir = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

export interface SourceFile {
	/** From the project's folder, with forward slashes. */
	readonly path: string;
	readonly text: string;
	readonly isTest: boolean;
}

export interface Import {
	/** A path of the project for our own files, else the name of the package. */
	readonly target: string;
	readonly isOwn: boolean;
	readonly isTypeOnly: boolean;
}

const GENERATED = 'src/lib/i18n/paraglide';

/** Every source file under a folder, except what is generated. */
export function sourcesUnder(folder: string, extensions = ['.ts', '.js', '.mjs', '.svelte']): SourceFile[] {
	return readdirSync(path.join(projectDir, folder), { recursive: true, encoding: 'utf8' })
		.map((name) => path.posix.join(folder, name.replaceAll(path.sep, '/')))
		.filter((name) => extensions.includes(path.extname(name)) && !name.startsWith(GENERATED))
		.sort()
		.map((name) => ({
			path: name,
			text: readFileSync(path.join(projectDir, name), 'utf8'),
			isTest: /\.test\.ts$/.test(name)
		}));
}

const IMPORT = /(?:^|[\s;}])(import|export)\s+(type\s)?(?:[\w*{}\s,$]*?\sfrom\s*)?['"]([^'"]+)['"]/g;
const DYNAMIC_IMPORT = /\bimport\(\s*['"]([^'"]+)['"]/g;

/** What a file imports, static and dynamic. */
export function importsOf(file: SourceFile): Import[] {
	const text = withoutComments(file.text);
	return [
		...[...text.matchAll(IMPORT)].map((match) => resolve(file, match[3] ?? '', match[2] !== undefined)),
		...[...text.matchAll(DYNAMIC_IMPORT)].map((match) => resolve(file, match[1] ?? '', false))
	];
}

function resolve(file: SourceFile, specifier: string, isTypeOnly: boolean): Import {
	const alias = /^[#$]lib\/(.*)$/.exec(specifier)?.[1];
	if (alias !== undefined) return { target: `src/lib/${alias}`, isOwn: true, isTypeOnly };
	if (specifier.startsWith('.')) {
		return { target: path.posix.join(path.posix.dirname(file.path), specifier), isOwn: true, isTypeOnly };
	}
	return { target: specifier, isOwn: false, isTypeOnly };
}

/** Code alone: words in comments break no rule. */
export function withoutComments(text: string): string {
	return text.replace(/\/\*[\s\S]*?\*\/|<!--[\s\S]*?-->/g, '').replace(/(^|[^:'"`\\])\/\/.*$/gm, '$1');
}
