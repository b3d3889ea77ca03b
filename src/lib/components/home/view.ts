import type { FigureParts, MoneyParts } from '#lib/i18n/format.ts';
import type { CostKind, Todo } from '#lib/domain/advice/overview.ts';

/**
 * What the home page shows, in words and drawn paths. `home-view.ts` makes it on the server, so that the
 * page brings neither messages nor formatting to the browser, and the kept copy on a device is complete.
 */
export interface HomeView {
	readonly title: string;
	/** Today, in full. */
	readonly date: string;
	readonly bill: BillView;
	readonly usage: UsageView;
	readonly todo: TodoView;
	readonly tier: TierView | null;
	readonly cost: CostView | null;
	readonly plant: PlantView | null;
}

/** A line under a figure; `warn` where it makes the figure doubtful. */
export interface Note {
	readonly text: string;
	readonly tone: 'soft' | 'warn';
}

export interface BillView {
	readonly title: string;
	/** Null, with a note that says why, before the first bill. */
	readonly issued: {
		readonly href: string;
		readonly badge: string | null;
		readonly amount: MoneyParts;
		readonly due: string;
		/** How far off the due date is; null where it has passed. */
		readonly dueIn: string | null;
	} | null;
	readonly notes: readonly string[];
}

export interface UsageView {
	readonly title: string;
	readonly href: string;
	/** Null, with a note that says why, where no day with readings has ended. */
	readonly known: {
		readonly day: PeriodFigure & { readonly curve: CurvePicture };
		readonly week: PeriodFigure & { readonly bars: readonly DayBar[] };
	} | null;
	readonly none: string;
}

export interface PeriodFigure {
	readonly label: string;
	/** Null where nothing is known. */
	readonly figure: FigureParts | null;
	/** Against what is usual, in words. */
	readonly change: string;
	readonly notes: readonly Note[];
}

export interface CurvePicture {
	/** Says in words what the picture shows. */
	readonly label: string;
	/** Intervals: the width of the drawing, whose height is 100. */
	readonly width: number;
	readonly line: string;
	/** What is usual; null where too little is known. */
	readonly band: string | null;
	readonly bandLabel: string | null;
	readonly axis: readonly string[];
}

export interface DayBar {
	readonly key: string;
	/** Part of the highest, 0 … 1; null where nothing is known. */
	readonly share: number | null;
	/** Readings are missing: it may have been more. */
	readonly isPartial: boolean;
	readonly letter: string;
	readonly text: string;
}

export interface TodoView {
	readonly title: string;
	readonly nothing: string;
	readonly items: readonly {
		readonly kind: Todo['kind'];
		readonly title: string;
		readonly text: string;
		readonly href: string;
	}[];
}

export interface TierView {
	readonly title: string;
	readonly used: string;
	readonly segments: readonly {
		readonly tier: number;
		/** Length among all segments, and how much of it is used, 0 … 1. */
		readonly share: number;
		readonly filled: number;
		readonly end: string;
	}[];
	readonly notes: readonly Note[];
}

export interface CostView {
	readonly title: string;
	readonly href: string;
	readonly parts: readonly {
		readonly kind: CostKind;
		readonly label: string;
		readonly amount: string;
		readonly percent: string;
		/** Length in the bar, 0 for a reduction. */
		readonly length: number;
	}[];
}

export interface PlantView {
	readonly title: string;
	readonly stats: readonly {
		readonly label: string;
		readonly value: string | null;
		readonly unit?: string;
		readonly note: string;
		readonly trend?: { readonly text: string; readonly tone: 'neutral' | 'warn' };
	}[];
	readonly note: string;
}
