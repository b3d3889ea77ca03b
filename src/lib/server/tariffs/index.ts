export { assignTariff, checkTariffChoice, type TariffChoice } from './assignment.ts';
export { holidayCalendar } from './calendar.ts';
export { addShares, checkShares, sharesOfAccounts, type NewShare, type StoredShare } from './shares.ts';
export {
	isEditionIntact,
	loadTariffs,
	readTariffFile,
	readTariffFolder,
	tariffSpansOf,
	tariffSpansOfAccounts,
	tariffVersionById,
	type NamedDocument,
	type StoredTariffSpan,
	type TariffLoadSummary
} from './service.ts';
