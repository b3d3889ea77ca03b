import { z } from 'zod';

const season = z.enum(['summer', 'non_summer']);
const dayType = z.enum(['weekday', 'saturday', 'sunday_holiday']);
const time = z.string().regex(/^\d\d:\d\d$/);
const monthDay = z.string().regex(/^\d\d-\d\d$/);
const figure = z.number();
const seasonDays = z.array(z.object({ name: season, start: monthDay, end: monthDay })).length(2);

/** One plan with the definitions of its file and, where the plan leaves a choice, what was chosen. */
export const taipowerRecord = z.object({
	version: z.string().regex(/^\d{8}$/, 'not a date (YYYYMMDD)'),
	definitions: z.object({ seasons: seasonDays, seasons_high_voltage: seasonDays }),
	choice: z.string().nullable(),
	plan: z.object({
		id: z.string().min(1),
		name: z.string().min(1),
		type: z.enum(['TIERED', 'TOU', 'NON_TOU']),
		category: z.enum(['lighting', 'low_voltage', 'high_voltage', 'extra_high_voltage']),
		season_strategy: z.enum(['seasons', 'seasons_high_voltage']),
		basic_fee: figure.optional(),
		basic_fees: z
			.array(
				z.object({
					label: z.string(),
					unit: z.enum(['per_household_month', 'per_kw_month']),
					cost: figure.optional(),
					summer: figure.optional(),
					non_summer: figure.optional()
				})
			)
			.default([]),
		tiers: z
			.array(z.object({ min: figure, max: figure.nullable(), summer: figure, non_summer: figure }))
			.optional(),
		rates: z
			.array(z.object({ season, period: z.string(), day_type: dayType.optional(), cost: figure }))
			.optional(),
		schedules: z
			.array(z.object({ season, day_type: dayType, start: time, end: time, period: z.string() }))
			.optional(),
		billing_rules: z
			.object({
				min_monthly_fee: figure.optional(),
				minimum_usage_rules_ref: z.string().optional(),
				billing_cycle_months: z.union([z.literal(1), z.literal(2)]).optional(),
				over_2000_kwh_surcharge: z.object({ threshold_kwh: figure, cost_per_kwh: figure }).optional(),
				zero_usage_basic_fee_ratio: figure.optional(),
				over_contract_penalty: z
					.object({
						threshold_ratio: figure,
						rate_low: figure,
						rate_high: figure,
						base_fee_label: z.string()
					})
					.optional(),
				power_factor_adjustment: z
					.object({
						base_percent: figure.optional(),
						max_discount_percent: figure.optional(),
						step_percent: figure.optional(),
						apply_to: z.enum(['energy', 'total'])
					})
					.optional(),
				basic_fee_formula: z.object({ weekend_ratio: figure.optional() }).optional()
			})
			.default({})
	})
});

export type TaipowerRecord = z.output<typeof taipowerRecord>;
export type TaipowerPlan = TaipowerRecord['plan'];
export type TaipowerSeason = z.output<typeof season>;
export type TaipowerDayType = z.output<typeof dayType>;
