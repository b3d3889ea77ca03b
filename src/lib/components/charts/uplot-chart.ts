import type { Attachment } from 'svelte/attachments';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { onThemeChange, readChartTheme, type ChartTheme } from './chart-theme.ts';

/** One chart: what it is made of under a theme, and what it holds. */
export interface ChartSpec {
	readonly options: (theme: ChartTheme) => Omit<uPlot.Options, 'width' | 'height'>;
	readonly data: uPlot.AlignedData;
	/** Is told of each chart that is made, and of its end: charts are made anew when the theme changes. */
	readonly onChart?: (chart: uPlot | null) => void;
}

/**
 * The one place where charts are made: fills its element, follows its size, the theme and the type size,
 * and is made anew when the spec changes.
 */
export function uplotChart(spec: ChartSpec): Attachment<HTMLElement> {
	return (element) => {
		let chart: uPlot | null = null;
		const size = () => ({ width: element.clientWidth, height: element.clientHeight });
		const make = () => {
			chart?.destroy();
			const options = spec.options(readChartTheme(element));
			chart = new uPlot({ ...options, ...size(), legend: { show: false } }, spec.data, element);
			spec.onChart?.(chart);
		};
		make();
		const resized = new ResizeObserver(() => {
			if (chart === null || element.clientWidth === 0) return;
			if (chart.width !== element.clientWidth || chart.height !== element.clientHeight) chart.setSize(size());
		});
		resized.observe(element);
		const stopTheme = onThemeChange(make);
		return () => {
			stopTheme();
			resized.disconnect();
			spec.onChart?.(null);
			chart?.destroy();
		};
	};
}

/** Hairlines and labels in the page's own colours. */
export function axisStyle(theme: ChartTheme): uPlot.Axis {
	const line = theme.colour('line');
	return {
		font: theme.font,
		stroke: theme.colour('ink-faint'),
		grid: { stroke: line, width: 1 },
		ticks: { show: false },
		gap: 6
	};
}
