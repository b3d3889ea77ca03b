import path from 'node:path';
import { expect, it } from 'vitest';
import { tariffJsonSchema } from './parse.ts';

const published = path.resolve(import.meta.dirname, '../../../../static/schemas/tariff-1.json');

it('the published JSON Schema is the one that documents are validated with', async () => {
	await expect(`${JSON.stringify(tariffJsonSchema(), null, '\t')}\n`).toMatchFileSnapshot(published);
});
