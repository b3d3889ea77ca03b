import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse, type AST } from 'svelte/compiler';
import { describe, expect, test } from 'vitest';
import { projectDir, sourcesUnder, withoutComments } from './sources.ts';

type Messages = Readonly<Record<string, unknown>>;

const messagesDir = path.join(projectDir, 'src/lib/i18n/messages');
const LOCALES = ['zh-CN', 'en'] as const;

function readMessages(locale: string, file: string): Messages {
	const all = JSON.parse(readFileSync(path.join(messagesDir, locale, file), 'utf8')) as Messages;
	return Object.fromEntries(Object.entries(all).filter(([key]) => !key.startsWith('$')));
}

/** The names of the values that a message shows. Plural forms are spelled out in the file as JSON. */
function placeholdersOf(message: unknown): string[] {
	const text = JSON.stringify(message);
	return [...new Set([...text.matchAll(/\{\s*([\w]+)\s*\}/g)].map((match) => match[1] ?? ''))].sort();
}

const files = readdirSync(path.join(messagesDir, 'en')).sort();

describe('messages', () => {
	test('lie in the same files in both languages', () => {
		expect(readdirSync(path.join(messagesDir, 'zh-CN')).sort()).toEqual(files);
	});

	describe.each(files)('of %s', (file) => {
		const [chinese, english] = LOCALES.map((locale) => readMessages(locale, file)) as [Messages, Messages];

		test('have the same keys in both languages', () => {
			expect(Object.keys(chinese).sort()).toEqual(Object.keys(english).sort());
		});

		test('show the same values in both languages', () => {
			const differing = Object.keys(english).filter(
				(key) => placeholdersOf(english[key]).join() !== placeholdersOf(chinese[key]).join()
			);
			expect(differing).toEqual([]);
		});

		test('are not empty', () => {
			const empty = [chinese, english].flatMap((messages) =>
				Object.entries(messages).flatMap(([key, message]) =>
					typeof message === 'string' && message.trim() === '' ? [key] : []
				)
			);
			expect(empty).toEqual([]);
		});
	});

	test('are each in one file only', () => {
		const keys = files.flatMap((file) => Object.keys(readMessages('en', file)));
		expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
	});

	test('are each used somewhere', () => {
		const code = sourcesUnder('src')
			.filter((file) => !file.isTest)
			.map((file) => withoutComments(file.text))
			.join('\n');
		const words = new Set(code.match(/[A-Za-z_]\w*/g));
		// A key that is put together from parts is used through its beginning: m[`quality_${value}`].
		const beginnings = [...code.matchAll(/`([a-z]\w*_)\$\{/g)].map((match) => match[1] ?? '');
		const unused = files
			.flatMap((file) => Object.keys(readMessages('en', file)))
			.filter((key) => !words.has(key) && !beginnings.some((beginning) => key.startsWith(beginning)));
		expect(unused).toEqual([]);
	});
});

describe('components', () => {
	const components = sourcesUnder('src', ['.svelte']);
	/** Words that are the same in every language: names and units. */
	const international =
		/^(Meterside|kWh|kW|kvarh|kvar|MWh|Wh|cos|CSV|XLSX|XML|PDF|PV|Green|Button|CC|BY|en|zh|CN)$/;
	const spoken = new Set(['aria-label', 'aria-description', 'alt', 'label', 'placeholder', 'title']);
	/** The languages' own names, by which they are chosen. */
	const languageNames = /简体中文|中文/g;
	const chinese = /[\u3400-\u9fff\uf900-\ufaff]/;

	function hasWords(text: string): boolean {
		return (text.match(/\p{L}{2,}/gu) ?? []).some((word) => !international.test(word));
	}

	/** Texts of a component that stand in it literally: between tags, and in attributes that are read out. */
	function literalTexts(source: string): string[] {
		const found: string[] = [];
		const visit = (node: unknown): void => {
			if (Array.isArray(node)) return node.forEach(visit);
			if (typeof node !== 'object' || node === null) return;
			const typed = node as AST.SvelteNode & { name?: string; value?: unknown };
			if (typed.type === 'Text') found.push((typed as AST.Text).data);
			if (typed.type === 'StyleDirective') return;
			if (typed.type === 'Attribute') {
				if (spoken.has(typed.name)) visit(typed.value);
				return;
			}
			for (const [key, child] of Object.entries(node)) {
				if (!['parent', 'css', 'instance', 'module', 'options'].includes(key)) visit(child);
			}
		};
		visit(parse(source, { modern: true }).fragment);
		return found.map((text) => text.trim()).filter((text) => text !== '');
	}

	test('take every word that a person reads from the messages', () => {
		const found = components.flatMap((file) =>
			literalTexts(file.text)
				.filter(hasWords)
				.map((text) => `${file.path}: ${text}`)
		);
		expect(found).toEqual([]);
	});

	test('contain no Chinese, not in their code either', () => {
		expect(
			components
				.filter((file) => chinese.test(withoutComments(file.text).replace(languageNames, '')))
				.map((file) => file.path)
		).toEqual([]);
	});
});
