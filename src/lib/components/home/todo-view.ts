import type { Todo } from '#lib/domain/advice/overview.ts';
import { monthsText } from '#lib/i18n/billing/months.ts';
import { formatDate, formatMoney, formatPowerFactor } from '#lib/i18n/format.ts';
import { m } from '#lib/i18n/paraglide/messages.js';
import type { Address } from './home-view.ts';
import type { TodoView } from './view.ts';
import { dueInWords } from './words.ts';

/** @param isPastDue whether a bill is past its due date, of which nobody here knows whether it is paid */
export function todoView(todo: readonly Todo[], isPastDue: boolean, address: Address): TodoView {
	return {
		title: m.common_todo(),
		nothing: isPastDue ? m.common_todo_nothing_but_bill() : m.common_todo_nothing(),
		items: todo.map((item) => ({ kind: item.kind, ...worded(item, address) }))
	};
}

function worded(item: Todo, address: Address): Omit<TodoView['items'][number], 'kind'> {
	switch (item.kind) {
		case 'bill_due':
			return {
				title: m.common_todo_bill({
					month: monthsText(item.period),
					amount: formatMoney(item.totalMinor, item.currency)
				}),
				text: m.common_todo_bill_due({ date: formatDate(item.dueOn), when: dueInWords(item.daysToDue) }),
				href: address(`/bills/${item.billId}`)
			};
		case 'readings_late':
			return {
				title: m.common_todo_late({ date: formatDate(item.lastDate) }),
				text: m.common_todo_late_text(),
				href: address('/usage')
			};
		case 'readings_missing':
			return {
				title: m.common_todo_missing({ count: item.intervals }),
				text: m.common_todo_missing_text({ date: formatDate(item.localDate) }),
				href: address('/usage', { date: item.localDate })
			};
		case 'tier_near':
			return {
				title: m.common_todo_tier({ tier: item.tier, date: formatDate(item.expectedOn) }),
				text: m.common_todo_tier_text(),
				href: address('/usage', { view: 'month' })
			};
		case 'power_factor_low':
			return {
				title: m.common_todo_power_factor({ value: formatPowerFactor(item.hundredths) }),
				text: m.common_todo_power_factor_text({ standard: item.standard }),
				href: address('/usage', { view: 'month' })
			};
	}
}
