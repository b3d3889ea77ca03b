/**
 * Prices of one more kWh as the day's page is handed them: figures to draw and finished texts. The texts are
 * written on the server, in the language of the request, like those of the summary.
 */
export interface PriceView {
	/** Why there are no prices; all else is empty then. */
	readonly refusal: string | null;
	/** Currency units per kWh by interval; null where no price is known. */
	readonly values: readonly (number | null)[];
	/** Each price alone, and with what it is made of. */
	readonly figures: readonly (string | null)[];
	readonly texts: readonly (string | null)[];
	/** The highest price that the scale shows. */
	readonly top: number;
	/** Heading of the table's column, and what the line is. */
	readonly column: string;
	readonly legend: string;
	/** Prices above the scale, in words. */
	readonly above: readonly string[];
	/** What the prices rest on. */
	readonly basis: string;
	/** For the summary of the day. */
	readonly sentences: readonly string[];
}
