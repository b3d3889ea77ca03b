export {
	runBills,
	type BillRefusal,
	type BillRunProgress,
	type BillRunScope,
	type BillRunSummary
} from './bill-run.ts';
export {
	billCheckFile,
	billLineIntervals,
	getBill,
	listBills,
	loadBillingTerms,
	newestBill,
	recomputeBill,
	type BillLineIntervals,
	type RecomputedBill
} from './service.ts';
