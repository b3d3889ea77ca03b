import type { BillDocument, BillTariff } from '#lib/domain/billing/bill.ts';
import type { TimePeriod } from '#lib/domain/tariffs/tariff.ts';
import {
	formatDate,
	formatDecimal,
	formatMoney,
	formatPercent,
	formatPowerFactor,
	formatRange,
	moneyParts,
	type MoneyParts
} from '#lib/i18n/format.ts';
import { m } from '#lib/i18n/paraglide/messages.js';
import type { Locale } from '#lib/i18n/paraglide/runtime.js';
import { demandBox, powerFactorBox, type BoxView, type Fact } from './boxes.ts';
import { changeView, type ChangeView } from './change.ts';
import { correctionView, type CorrectionView } from './correction.ts';
import { energyDigits, lineGroups, type GroupView } from './lines.ts';
import { lastMonth, monthsText } from './months.ts';
import { averagePrice, channelQuantity, exactQuantity } from './quantities.ts';
import { tiersView, type TiersView } from './tiers.ts';
import { warningTexts } from './warnings.ts';
import { channelName, customerClassName, timePeriodName, voltageName } from './words.ts';

/**
 * A bill in words: everything that the page, the printed sheet and the PDF show, in their order. All three
 * render this and nothing else, so that they cannot differ.
 */
export interface BillView {
	readonly locale: Locale;
	/** "Electricity bill, October 2026". */
	readonly title: string;
	/** "October 2026", "Sep – Oct 2026". */
	readonly month: string;
	readonly billNo: string;
	readonly accountNo: string;
	readonly holderName: string;
	/** Null for a valid bill. */
	readonly state: StateView | null;
	/** Null where the bill corrects no other. */
	readonly correction: CorrectionView | null;
	readonly total: MoneyParts;
	readonly totalText: string;
	readonly dueOn: string;
	readonly periodText: string;
	readonly change: ChangeView;
	readonly facts: readonly Fact[];
	readonly groups: readonly GroupView[];
	/** Empty where the price does not depend on the time of use. */
	readonly periods: readonly PeriodView[];
	readonly energyText: string;
	readonly readings: readonly ReadingsView[];
	/** Where not the readings, but the registers were billed. */
	readonly registersNote: string | null;
	/** Demand and power factor, as far as they are part of the bill. */
	readonly boxes: readonly BoxView[];
	readonly tiers: TiersView | null;
	readonly warnings: readonly string[];
	readonly tariffs: readonly TariffView[];
}

/** That a bill is not valid any more, and which is. */
export interface StateView {
	readonly badge: string;
	readonly text: string;
	readonly validBillId: number | null;
}

export interface PeriodView {
	readonly period: TimePeriod;
	readonly name: string;
	readonly energy: string;
	/** 0 … 1. */
	readonly share: number;
	readonly shareText: string;
}

/** What was read on one channel: the quantity, and interval counts by quality. */
export interface ReadingsView {
	readonly channel: string;
	readonly quantity: string;
	readonly days: string;
	readonly measured: string;
	readonly corrected: string;
	readonly estimated: string;
	readonly missing: string;
	readonly isComplete: boolean;
	/** Said where corrected data arrived. */
	readonly note: string | null;
}

export interface TariffView {
	readonly name: string;
	readonly edition: string;
	readonly days: string;
	readonly documents: readonly TariffDocumentView[];
	/** Must be shown with the bill. */
	readonly note: string | null;
}

export interface TariffDocumentView {
	readonly label: string;
	readonly document: string;
	/** Where it was seen, as the tariff says it. */
	readonly address: string;
	/** The part of the address that can be opened; null where there is none. */
	readonly link: string | null;
}

export function billView(bill: BillDocument, locale: Locale): BillView {
	const { account, currency, figures, period, totalMinor } = bill;
	const month = monthsText(period, locale);
	return {
		locale,
		title: m.billing_bill_title({ month }, { locale }),
		month,
		billNo: bill.billNo,
		accountNo: account.accountNo,
		holderName: account.holderName,
		state: stateView(bill, locale),
		correction: correctionView(bill, locale),
		total: moneyParts(totalMinor, currency, locale),
		totalText: formatMoney(totalMinor, currency, locale),
		dueOn: formatDate(bill.dueOn, locale, 'long'),
		periodText: formatRange(period, locale),
		change: changeView(bill, locale),
		facts: factsOf(bill, locale),
		groups: lineGroups(bill, locale),
		periods: figures.timeOfUse ? periodsOf(bill, locale) : [],
		energyText: exactQuantity(figures.energyWh, 'kWh', locale),
		readings: readingsOf(bill, locale),
		registersNote: registersNote(bill, locale),
		boxes: [
			...(figures.demand === null ? [] : [demandBox(figures.demand, bill, locale)]),
			...(figures.powerFactor === null ? [] : [powerFactorBox(figures.powerFactor, bill, locale)])
		],
		tiers: figures.tiers === null ? null : tiersView(figures.tiers, bill, locale),
		warnings: warningTexts(bill, locale),
		tariffs: bill.tariffs.map((tariff) => tariffView(tariff, locale))
	};
}

function stateView({ state, validBill }: BillDocument, locale: Locale): StateView | null {
	if (state !== 'corrected' && state !== 'cancelled') return null;
	const isCorrected = state === 'corrected';
	const billNo = validBill?.billNo ?? null;
	return {
		badge: isCorrected
			? m.billing_state_corrected({}, { locale })
			: m.billing_state_cancelled({}, { locale }),
		text: isCorrected ? correctedText(billNo, locale) : cancelledText(billNo, locale),
		validBillId: validBill?.id ?? null
	};
}

function correctedText(billNo: string | null, locale: Locale): string {
	return billNo === null
		? m.billing_state_corrected_text({}, { locale })
		: m.billing_state_corrected_by({ billNo }, { locale });
}

function cancelledText(billNo: string | null, locale: Locale): string {
	return billNo === null
		? m.billing_state_cancelled_text({}, { locale })
		: m.billing_state_cancelled_by({ billNo }, { locale });
}

/** Name of the PDF: letters, digits and hyphens only, whatever the bill's number looks like. */
export function billFileName(bill: Pick<BillDocument, 'billNo' | 'period'>): string {
	const number = bill.billNo.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-|-$/g, '');
	return `meterside-bill-${lastMonth(bill.period)}-${number}.pdf`;
}

/** In the order of the State Grid's account summary. */
function factsOf(bill: BillDocument, locale: Locale): Fact[] {
	const { account, currency, figures, period, previous, change } = bill;
	const options = { locale };
	const facts: (Fact | null)[] = [
		{ label: m.billing_fact_account_no({}, options), value: account.accountNo },
		{ label: m.billing_fact_holder({}, options), value: account.holderName },
		{ label: m.billing_fact_period({}, options), value: formatRange(period, locale) },
		{ label: m.billing_fact_days_count({}, options), value: formatDecimal(bill.days, locale) },
		{ label: m.billing_fact_address({}, options), value: account.address },
		{ label: m.billing_fact_class({}, options), value: customerClassName(account.customerKind, locale) },
		{ label: m.billing_fact_voltage({}, options), value: voltageName(account.voltage, locale) },
		account.contractedCapacityVa === null
			? null
			: {
					label: m.billing_fact_capacity({}, options),
					value: exactQuantity(account.contractedCapacityVa, 'kVA', locale)
				},
		{ label: m.billing_fact_energy({}, options), value: exactQuantity(figures.energyWh, 'kWh', locale) },
		figures.lossWh === 0
			? null
			: { label: m.billing_fact_losses({}, options), value: exactQuantity(figures.lossWh, 'kWh', locale) },
		bill.averagePriceE8 === null
			? null
			: {
					label: m.billing_fact_average_price({}, options),
					value: averagePrice(bill.averagePriceE8, currency, locale)
				},
		typeof figures.powerFactor?.hundredths !== 'number'
			? null
			: {
					label: m.billing_fact_power_factor({}, options),
					value: formatPowerFactor(figures.powerFactor.hundredths, locale)
				},
		previous === null
			? null
			: {
					label: m.billing_fact_previous({}, options),
					value: formatMoney(previous.totalMinor, currency, locale)
				},
		change === null
			? null
			: {
					label: m.billing_fact_change({}, options),
					value: formatMoney(change.differenceMinor, currency, locale, { sign: 'always' })
				},
		{ label: m.billing_fact_bill_no({}, options), value: bill.billNo },
		{
			label: m.billing_fact_issued({}, options),
			value: formatDate(issueDate(bill), locale, 'long')
		}
	];
	return facts.filter((fact) => fact !== null);
}

/** The civil date of issue in the account's zone. */
function issueDate({ issuedAt, account }: BillDocument): string {
	// Sweden writes dates as ISO does.
	return new Intl.DateTimeFormat('sv-SE', { timeZone: account.timeZone }).format(new Date(issuedAt));
}

function periodsOf(bill: BillDocument, locale: Locale): PeriodView[] {
	const { figures } = bill;
	const digits = energyDigits(bill);
	return figures.periods.map(({ timePeriod, energyWh }) => {
		const share = figures.energyWh === 0 ? 0 : energyWh / figures.energyWh;
		return {
			period: timePeriod,
			name: timePeriodName(timePeriod, locale),
			energy: exactQuantity(energyWh, 'kWh', locale, digits),
			share,
			shareText: formatPercent(share, locale, 1)
		};
	});
}

function readingsOf({ figures }: BillDocument, locale: Locale): ReadingsView[] {
	const count = (value: number) => formatDecimal(value, locale);
	return figures.readings.map((readings) => ({
		channel: channelName(readings.channel, locale),
		quantity: channelQuantity(readings.channel, readings.quantity, locale),
		days: count(readings.days),
		measured: count(readings.measured),
		corrected: count(readings.corrected),
		estimated: count(readings.estimated),
		missing: count(readings.missing),
		isComplete: readings.estimated === 0 && readings.missing === 0,
		note:
			readings.highestVersion > 1
				? m.billing_readings_version({ version: readings.highestVersion }, { locale })
				: null
	}));
}

/** What was billed without losses is the sum of the intervals, but where registers win over them. */
function registersNote({ figures }: BillDocument, locale: Locale): string | null {
	const active = figures.readings.find(({ channel }) => channel === 'active_import');
	const meteredWh = figures.energyWh - figures.lossWh;
	if (meteredWh === (active?.quantity ?? 0)) return null;
	return m.billing_readings_registers({ quantity: exactQuantity(meteredWh, 'kWh', locale) }, { locale });
}

/** An address may be followed by where to look behind it: "https://example.org/ (text 7)". */
function placeOf(address: string): Pick<TariffDocumentView, 'address' | 'link'> {
	return { address, link: /^https?:\/\/\S+/.exec(address)?.[0] ?? null };
}

function tariffView(tariff: BillTariff, locale: Locale): TariffView {
	const { source, powerFactorSource } = tariff;
	const documents = [
		{
			label: m.tariffs_source_document({}, { locale }),
			document: source.document,
			...placeOf(source.address)
		}
	];
	if (powerFactorSource !== null) {
		const { document, address } = powerFactorSource;
		documents.push({ label: m.tariffs_power_factor_document({}, { locale }), document, ...placeOf(address) });
	}
	return {
		name: tariff.name[locale],
		edition: m.tariffs_edition({ edition: tariff.edition }, { locale }),
		days: formatRange(tariff.period, locale),
		documents,
		note: tariff.notes?.[locale] ?? null
	};
}
