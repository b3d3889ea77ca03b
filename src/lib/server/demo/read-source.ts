import { assert } from '#lib/domain/kernel/assert.ts';
import type { LocalDate } from '#lib/domain/kernel/civil-time.ts';
import {
	csvProfile,
	METER_CLOCK,
	parseCsvProfile,
	parseMeterFile,
	type CsvProfile,
	type Fragment
} from '#lib/domain/metering/formats/index.ts';
import { QUALITY_CODE } from '#lib/domain/metering/load-day.ts';
import { textOf, toSourceDays, type SourceDays, type SourceSeries } from './source-days.ts';
import { SOLAR_INSTALLED_KW, type DemoSource } from './sources.ts';

const THOUSANDTHS = 1000;

/**
 * Load and PV output of the solar household in thousandths of a Wh, so that netting comes before rounding: each
 * unit is named a thousand times larger than the file's. The load stands in the channel of energy taken,
 * the output per kW installed in that of energy fed in.
 */
const SOLAR_PROFILE: CsvProfile = parseCsvProfile({
	name: 'fontana-citylearn-thousandths',
	title: 'CityLearn Challenge 2022, house load and PV output per kW installed, in thousandths',
	time: { columns: ['start_nominal'], pattern: 'YYYY-MM-DD HH:mm', label: 'start' },
	intervalMinutes: 60,
	source: { id: 'fontana' },
	series: [
		{ channel: 'active_import', column: 'load_kwh', unit: 'MWh' },
		{ channel: 'active_export', column: 'pv_w_per_kw', unit: 'kW' }
	]
});

/**
 * Reads a source whole, by its wall clock.
 * @throws AppError IMPORT_REFUSED where the file is not what the profile says
 */
export async function readSource(source: DemoSource): Promise<SourceDays> {
	if (source.profile !== 'solar') return parseDays(source.file, csvProfile(source.profile));
	const thousandths = await parseDays(source.file, SOLAR_PROFILE);
	return new Map([...thousandths].map(([date, series]) => [date, netByTheHour(date, series)]));
}

async function parseDays(file: string, profile: CsvProfile): Promise<SourceDays> {
	const fragments: Fragment[] = [];
	const format = { kind: 'csv', profile } as const;
	for await (const item of parseMeterFile(format, textOf(file), { fileName: file, clock: METER_CLOCK })) {
		if (item.kind === 'intervals') fragments.push(item);
	}
	return toSourceDays(fragments);
}

/** Energy taken where the load is larger than the output of the PV, energy fed in where it is smaller. */
function netByTheHour(date: LocalDate, series: readonly SourceSeries[]): SourceSeries[] {
	const load = series.find(({ channel }) => channel === 'active_import');
	const output = series.find(({ channel }) => channel === 'active_export');
	assert(load !== undefined && output !== undefined, `load and output of ${date} belong together`);
	const taken = { ...load, quantities: load.quantities.slice(), qualities: load.qualities.slice() };
	const fedIn = { ...output, quantities: output.quantities.slice(), qualities: load.qualities.slice() };
	for (let slot = 0; slot < load.quantities.length; slot++) {
		const known =
			load.qualities[slot] !== QUALITY_CODE.missing && output.qualities[slot] !== QUALITY_CODE.missing;
		const net = (load.quantities[slot] ?? 0) - SOLAR_INSTALLED_KW * (output.quantities[slot] ?? 0);
		const netWh = Math.round(Math.abs(net) / THOUSANDTHS);
		taken.quantities[slot] = known && net > 0 ? netWh : 0;
		fedIn.quantities[slot] = known && net < 0 ? netWh : 0;
		taken.qualities[slot] = fedIn.qualities[slot] = known ? QUALITY_CODE.measured : QUALITY_CODE.missing;
	}
	return [taken, fedIn];
}
