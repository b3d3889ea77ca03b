import { readFile } from 'node:fs/promises';
import { Argument } from 'commander';
import { z } from 'zod';
import {
	CUSTOMER_KINDS,
	DEMAND_BASES,
	READING_PARITIES,
	VOLTAGE_CLASSES
} from '#lib/domain/identity/account.ts';
import type { Actor } from '#lib/domain/identity/actor.ts';
import { isLocalDate, Temporal, type LocalDate, type LocalMonth } from '#lib/domain/kernel/civil-time.ts';
import { authorizeAccount } from '#lib/server/auth/policy.ts';
import { addSupply } from '#lib/server/identity/index.ts';
import {
	addShares,
	assignTariff,
	checkShares,
	checkTariffChoice,
	type NewShare
} from '#lib/server/tariffs/index.ts';
import { defineCommand } from './operator-command.ts';
import { OperatorError, UsageError } from './support/failure.ts';

const text = z.string().trim().min(1);
const date = z
	.string()
	.refine(isLocalDate, 'not a date (YYYY-MM-DD)')
	.transform((value) => value as LocalDate);
const month = z
	.string()
	.regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'not a month (YYYY-MM)')
	.transform((value) => value as LocalMonth);
const timeZone = text.refine(isTimeZone, 'not a time zone, e.g. Asia/Shanghai');
const positive = z.number().int().positive();
const notNegative = z.number().int().min(0);
/** Percent times 100. */
const percentE2 = notNegative.max(10_000);

/** 定比定量表: a part of the energy under another tariff. */
const shareSchema = z
	.strictObject({
		id: z.string().regex(/^[a-z0-9_-]+$/, 'not a short name (a-z, 0-9, "_" and "-")'),
		name: text.nullable().default(null),
		/** Percent times 10,000. */
		percentE4: positive.max(1_000_000).optional(),
		whPerMonth: positive.optional(),
		tariffCode: text,
		validFrom: date
	})
	.refine(({ percentE4, whPerMonth }) => (percentE4 === undefined) !== (whPerMonth === undefined), {
		path: ['percentE4'],
		error: 'either percentE4 or whPerMonth is needed'
	})
	.transform(({ percentE4, whPerMonth = 0, ...share }): NewShare => ({
		...share,
		part: percentE4 === undefined ? { whPerMonth } : { percentE4 }
	}));

/** The file's form; the options give the same fields. */
const supplySchema = z
	.strictObject({
		customer: z.strictObject({
			customerNo: text,
			kind: z.enum(CUSTOMER_KINDS).optional(),
			displayName: text.optional(),
			phone: text.optional(),
			email: z.email().optional(),
			password: text.optional()
		}),
		account: z.strictObject({
			accountNo: text,
			supplyArea: text,
			timeZone: timeZone.default('Asia/Shanghai'),
			currency: z.enum(['CNY', 'USD', 'TWD', 'AUD', 'GBP', 'EUR']).default('CNY'),
			voltage: z.enum(VOLTAGE_CLASSES).default('below_1kv'),
			contractedCapacityVa: positive.nullable().default(null),
			demandBasis: z.enum(DEMAND_BASES).default('none'),
			contractDemandW: positive.nullable().default(null),
			/** As printed: "0.90". */
			powerFactorStandard: z
				.string()
				.regex(/^0\.\d{2}$/)
				.nullable()
				.default(null),
			largeHousehold: z
				.strictObject({ persons: z.number().int().min(2), from: month })
				.nullable()
				.default(null),
			lowIncome: z.boolean().default(false),
			readingMonths: z.union([z.literal(1), z.literal(2)], 'not 1 or 2').default(1),
			/** 单月 or 双月抄表: whether a two-monthly meter is read at the end of odd or of even months. */
			readingParity: z.enum(READING_PARITIES).nullable().default(null),
			contractsW: z.record(z.string(), positive).default({}),
			address: text,
			openedOn: date,
			closedOn: date.nullable().default(null)
		}),
		meter: z.strictObject({
			meterNo: text,
			suppliedFrom: date,
			/** 高供低计: what is lost between the boundary of ownership and a meter behind the transformer. */
			losses: z
				.strictObject({
					activeWhPerDay: notNegative,
					activePercentE2: percentE2,
					reactiveVarhPerDay: notNegative,
					reactivePercentE2: percentE2
				})
				.nullable()
				.default(null)
		}),
		/** Without one the account is not billed. */
		tariff: z.strictObject({ tariffCode: text, validFrom: date }).optional(),
		/** `tariff` is that of what they leave. */
		shares: z.array(shareSchema).default([])
	})
	.refine(({ account }) => account.closedOn === null || account.closedOn > account.openedOn, {
		path: ['account', 'closedOn'],
		error: 'not after account.openedOn'
	})
	.refine(({ account }) => (account.readingMonths === 2) === (account.readingParity !== null), {
		path: ['account', 'readingParity'],
		error: 'odd or even where account.readingMonths is 2, else left out'
	})
	.refine(({ account, meter }) => meter.suppliedFrom >= account.openedOn, {
		path: ['meter', 'suppliedFrom'],
		error: 'before account.openedOn'
	});

type Supply = z.infer<typeof supplySchema>;

interface Options {
	readonly [name: string]: string | undefined;
}

const OPERATOR: Actor = { kind: 'system', purpose: 'account add' };

export const command = defineCommand<{ accountId: number; created: string }, Options>({
	name: 'account',
	describe: 'adds a customer with account, meter and tariff: account add FILE.json, or by options',
	configure(command) {
		command
			.addArgument(new Argument('<action>', 'what to do').choices(['add']))
			.argument(
				'[file]',
				'JSON: { customer, account, meter, tariff, shares }, with the fields that the options name'
			)
			.option('--customer <number>', 'customer number; with --kind and --name where the customer is new')
			.option('--kind <kind>', CUSTOMER_KINDS.join(' or '))
			.option('--name <name>')
			.option('--phone <number>')
			.option('--email <address>')
			.option('--account <number>', 'account number (户号)')
			.option('--area <name>', 'supply area, e.g. zhejiang')
			.option('--zone <name>', 'time zone (default: Asia/Shanghai)')
			.option('--voltage <class>', VOLTAGE_CLASSES.join(', '))
			.option('--address <text>')
			.option('--meter <number>', 'meter number')
			.option(
				'--tariff <code>',
				'a published tariff, e.g. zhejiang_residential; without one nothing is billed'
			)
			.option('--from <date>', 'first day of account, supply and tariff')
			.addHelpText('after', '\nWhat is there already stays as it is, so the command can be repeated.');
	},
	async run(app, { args, options }) {
		const supply = parseSupply(args[1] === undefined ? fromOptions(options) : await readJson(args[1]));
		const { tariff, shares } = supply;
		// Before anything is made: a wrong code leaves nothing behind.
		if (tariff !== undefined) await checkTariffChoice(app, supply.account, tariff);
		await checkShares(app, supply.account, shares);
		const { accountId, created } = await addSupply(app, supply);
		const made: string[] = [...created];
		const account = await authorizeAccount(app, OPERATOR, accountId, 'view');
		if (tariff !== undefined && (await assignTariff(app, account, tariff))) made.push('tariff');
		if (await addShares(app, account, shares)) made.push('shares');
		return { accountId, created: made.join(', ') || 'nothing: all is there' };
	}
});

function parseSupply(input: unknown): Supply {
	const parsed = supplySchema.safeParse(input);
	if (parsed.success) return parsed.data;
	const issue = parsed.error.issues[0];
	throw new UsageError(`${issue?.path.join('.') || 'the file'}: ${issue?.message}`);
}

function fromOptions(options: Options): unknown {
	return {
		customer: {
			customerNo: options['customer'],
			kind: options['kind'],
			displayName: options['name'],
			phone: options['phone'],
			email: options['email']
		},
		account: {
			accountNo: options['account'],
			supplyArea: options['area'],
			timeZone: options['zone'],
			voltage: options['voltage'],
			address: options['address'],
			openedOn: options['from']
		},
		meter: { meterNo: options['meter'], suppliedFrom: options['from'] },
		tariff: options['tariff'] && { tariffCode: options['tariff'], validFrom: options['from'] }
	};
}

async function readJson(file: string): Promise<unknown> {
	const content = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
		throw new OperatorError(`${file} cannot be read (${error.code})`);
	});
	try {
		return JSON.parse(content);
	} catch {
		throw new OperatorError(`${file} is no JSON`);
	}
}

function isTimeZone(name: string): boolean {
	try {
		Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
		return true;
	} catch {
		return false;
	}
}
