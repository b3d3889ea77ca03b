export { dayView, rangeView } from './curve-service.ts';
export {
	latestDay,
	loadDays,
	loadDayVersions,
	seriesOf,
	servicePointsOf,
	type AccountServicePoint,
	type LoadDayRef,
	type SeriesExtent
} from './repo.ts';
