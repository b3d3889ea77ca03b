export { cancelBill, type CancellationRequest, type CancellationSummary } from './bill-states.ts';
export {
	correctBills,
	findBillsOfOtherReadings,
	issueDrafts,
	type CorrectedBill,
	type CorrectionRequest,
	type CorrectionSummary
} from './correction.ts';
export type { BillOfOtherReadings } from './correction-repo.ts';
export {
	BILL_BATCH_SIZE,
	runBills,
	type BillRefusal,
	type BillRunProgress,
	type BillRunScope,
	type BillRunSummary
} from './bill-run.ts';
export { runningBill } from './forecast.ts';
export { dayPrices } from './marginal.ts';
export { compareTariffs } from './tariff-comparison.ts';
export {
	auditBills,
	billCheckFile,
	billLineIntervals,
	getBill,
	listBills,
	loadBillingTerms,
	newestBill,
	recomputeBill,
	type BillAudit,
	type BillLineIntervals,
	type NewestBill,
	type RecomputedBill
} from './service.ts';
