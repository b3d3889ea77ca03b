import type { TimePeriod } from '#lib/domain/tariffs/tariff.ts';

/** Ground of bars and swatches. */
export const PERIOD_GROUND: Readonly<Record<TimePeriod, string>> = {
	sharp: 'bg-period-sharp',
	peak: 'bg-period-peak',
	flat: 'bg-period-flat',
	valley: 'bg-period-valley',
	deep: 'bg-period-deep'
};
