import type { Quality } from '#lib/domain/metering/load-day.ts';
import type { QualityCounts } from '#lib/domain/metering/day-statistics.ts';
import type { TimePeriod } from '#lib/domain/tariffs/tariff.ts';
import { formatDecimal } from '#lib/i18n/format.ts';
import { m } from '#lib/i18n/paraglide/messages.js';

const PERIOD_NAMES: Readonly<Record<TimePeriod, () => string>> = {
	sharp: m.tariffs_period_sharp,
	peak: m.tariffs_period_peak,
	flat: m.tariffs_period_flat,
	valley: m.tariffs_period_valley,
	deep: m.tariffs_period_deep
};

const QUALITY_NAMES: Readonly<Record<Quality, () => string>> = {
	missing: m.metering_missing,
	measured: m.metering_measured,
	estimated: m.metering_estimated,
	corrected: m.metering_corrected
};

const LINE_NAMES: Readonly<Record<string, () => string>> = {
	active_import: m.metering_active,
	active_export: m.metering_export,
	reactive_import: m.metering_reactive_lagging,
	reactive_export: m.metering_reactive_leading,
	factor: m.metering_power_factor,
	'day-before': m.metering_compare_day_before,
	'week-before': m.metering_compare_week_before
};

export const periodName = (period: TimePeriod): string => PERIOD_NAMES[period]();
export const qualityName = (quality: Quality): string => QUALITY_NAMES[quality]();
/** The name of a line by its key: a channel, the power factor, or a comparison. */
export const lineName = (key: string): string => LINE_NAMES[key]?.() ?? key;

/** "3 estimated, 2 missing"; null where every interval was measured. */
export function qualityNotes(quality: QualityCounts): string | null {
	const parts: string[] = [];
	const count = (value: number) => formatDecimal(value);
	if (quality.estimated > 0) parts.push(m.metering_quality_estimated({ count: count(quality.estimated) }));
	if (quality.corrected > 0) parts.push(m.metering_quality_corrected({ count: count(quality.corrected) }));
	if (quality.missing > 0) parts.push(m.metering_quality_missing({ count: count(quality.missing) }));
	return parts.length === 0 ? null : parts.join(m.metering_list_separator());
}
