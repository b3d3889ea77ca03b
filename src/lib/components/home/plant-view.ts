import type { PlantOverview } from '#lib/domain/advice/overview.ts';
import { parseScaled } from '#lib/domain/kernel/money.ts';
import type { MaximumDemand } from '#lib/domain/metering/day-statistics.ts';
import {
	energyParts,
	formatDate,
	formatMonth,
	formatLoadFactor,
	formatPowerFactor,
	formatTimeRange,
	powerParts
} from '#lib/i18n/format.ts';
import { m } from '#lib/i18n/paraglide/messages.js';
import type { PlantView } from './view.ts';

type Stat = PlantView['stats'][number];

const NOT_KNOWN = { value: null };

/** @param date the last complete day, in words */
export function plantView(plant: PlantOverview, date: string): PlantView {
	const { day } = plant;
	const month = formatMonth(plant.month.start);
	return {
		title: m.common_plant(),
		stats: [
			{
				label: m.common_plant_demand_day(),
				...demand(day.maximumDemand),
				note: day.maximumDemand ? `${date} ${blockTime(day.maximumDemand)}` : date
			},
			{
				label: m.common_plant_load_factor(),
				value: day.loadFactor === null ? null : formatLoadFactor(day.loadFactor),
				note: date
			},
			monthPowerFactor(plant, month),
			monthDemand(plant.month.maximumDemand, month),
			{
				label: m.common_plant_energy_month(),
				...(plant.month.energyWh === null ? NOT_KNOWN : energyParts(plant.month.energyWh)),
				note: month
			},
			{ label: m.common_plant_power_factor_day(), value: factor(day.powerFactorHundredths), note: date }
		],
		note: m.common_plant_lower_bound()
	};
}

function monthPowerFactor({ month, powerFactorStandard: standard }: PlantOverview, note: string): Stat {
	const hundredths = month.powerFactorHundredths;
	const stat = { label: m.common_plant_power_factor(), value: factor(hundredths), note };
	if (standard === null) return stat;
	const isLow = hundredths !== null && hundredths < parseScaled(standard, 2);
	return {
		...stat,
		trend: { text: m.common_plant_standard({ standard }), tone: isLow ? 'warn' : 'neutral' }
	};
}

function monthDemand(maximum: MaximumDemand | null, month: string): Stat {
	const note = maximum === null ? month : `${formatDate(maximum.localDate)} ${blockTime(maximum)}`;
	return { label: m.common_plant_demand_month(), ...demand(maximum), note };
}

function demand(maximum: MaximumDemand | null) {
	return maximum === null ? NOT_KNOWN : powerParts(maximum.powerW);
}

function factor(hundredths: number | null): string | null {
	return hundredths === null ? null : formatPowerFactor(hundredths);
}

function blockTime({ startMinute, blockMinutes }: MaximumDemand): string {
	return formatTimeRange(startMinute, startMinute + blockMinutes);
}
