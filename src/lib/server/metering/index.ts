export { accountDayTotals } from './account-totals.ts';
export { dayView, meterFreshness, rangeView, yearView } from './curve-service.ts';
export { EXPORT_FORMATS, exportReadings } from './export.ts';
export { meterInUse } from './meter-choice.ts';
export {
	latestDay,
	loadDays,
	loadDaysOfPoints,
	loadDayVersions,
	registerReadingsOfPoints,
	registerReadingVersions,
	seriesOf,
	servicePointsOf,
	servicePointsOfAccounts,
	type AccountServicePoint,
	type LoadDayRef,
	type PointPeriod,
	type RegisterReadingRef,
	type SeriesExtent
} from './repo.ts';
export { importFile, type ImportProgress, type ImportRequest } from './import.ts';
export { importSourceOf, openImportFile, type ImportSource } from './import-source.ts';
export type { ImportResult, ImportSummary } from './import-summary.ts';
export type { ImportTargets } from './import-targets.ts';
