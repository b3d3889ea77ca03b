import type { BillDocument } from '#lib/domain/billing/bill.ts';
import type { RatingWarning } from '#lib/domain/rating/notices.ts';
import { formatDate, formatDecimal } from '#lib/i18n/format.ts';
import { m } from '#lib/i18n/paraglide/messages.js';
import type { Locale } from '#lib/i18n/paraglide/runtime.js';
import { channelQuantity, exactQuantity } from './quantities.ts';
import { channelName, fillingName } from './words.ts';

/** What the reader must know about the data that the bill rests on, in plain words. */
export function warningTexts({ warnings }: BillDocument, locale: Locale): string[] {
	return warnings.map((warning) => warningText(warning, locale)).filter((text) => text !== null);
}

/** @returns null where another part of the bill says it: the lower bound stands in the demand box */
function warningText(warning: RatingWarning, locale: Locale): string | null {
	const options = { locale };
	const number = (value: number) => formatDecimal(value, locale);
	switch (warning.code) {
		case 'MISSING_INTERVALS':
			return m.billing_warning_missing(
				{
					channel: channelName(warning.channel, locale),
					count: number(warning.count),
					of: number(warning.of)
				},
				options
			);
		case 'ESTIMATED_INTERVALS':
			return m.billing_warning_estimated(
				{
					channel: channelName(warning.channel, locale),
					count: number(warning.count),
					quantity: channelQuantity(warning.channel, warning.quantity, locale)
				},
				options
			);
		case 'FILLED_INTERVALS':
			return m.billing_warning_filled(
				{
					channel: channelName(warning.channel, locale),
					method: fillingName(warning.method, locale),
					count: number(warning.count),
					quantity: channelQuantity(warning.channel, warning.quantity, locale)
				},
				options
			);
		case 'EXPORT_NOT_CREDITED':
			return m.billing_warning_export({ quantity: exactQuantity(warning.energyWh, 'kWh', locale) }, options);
		case 'REGISTER_DIFFERS':
			return m.billing_warning_register_differs(
				{
					register: exactQuantity(warning.registerWh, 'kWh', locale),
					curve: exactQuantity(warning.curveWh, 'kWh', locale)
				},
				options
			);
		case 'REGISTER_ESTIMATED':
			return m.billing_warning_register_estimated(
				{ quantity: exactQuantity(warning.energyWh, 'kWh', locale) },
				options
			);
		case 'REGISTER_SPLIT_BY_DAYS':
			return m.billing_warning_register_split({}, options);
		case 'DEMAND_IS_LOWER_BOUND':
			return null;
		case 'DEMAND_BLOCKS_EXCLUDED':
			return m.billing_warning_demand_excluded(
				{ count: number(warning.count), of: number(warning.of) },
				options
			);
		case 'POWER_FACTOR_NOT_ASSESSED':
			return notAssessedText(warning.reason, number(warning.missingIntervals), locale);
		case 'TIER_USE_BEFORE_UNKNOWN':
			return m.billing_warning_tier_unknown(
				{ date: formatDate(warning.cycleStart, locale, 'long') },
				options
			);
	}
}

type NotAssessed = Extract<RatingWarning, { code: 'POWER_FACTOR_NOT_ASSESSED' }>['reason'];

function notAssessedText(reason: NotAssessed, count: string, locale: Locale): string {
	switch (reason) {
		case 'no_active_energy':
			return m.billing_warning_power_factor_no_active({}, { locale });
		case 'no_reactive_readings':
			return m.billing_warning_power_factor_no_reactive({}, { locale });
		case 'reactive_incomplete':
			return m.billing_warning_power_factor_incomplete({ count }, { locale });
	}
}
