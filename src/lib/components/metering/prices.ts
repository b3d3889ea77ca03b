/** Line and notes of the prices, which come together when they are asked for. */
export { default as PriceNotes } from './PriceNotes.svelte';
export { default as PriceOverlay } from './PriceOverlay.svelte';
