// How many posts it takes to say what.

/** With fewer posts than this, counts are given: no percentages, and no comparison. */
export const FEW_POSTS = 20
/** A bucket of the timeline with fewer posts is thin: its net sentiment says next to nothing. */
export const THIN_POSTS = 10
