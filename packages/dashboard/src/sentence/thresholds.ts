// How many posts it takes to say what.

/** Below this many posts the page gives counts, not percentages. */
export const FEW_POSTS = 20
/** A bucket of the chart with fewer posts is drawn dashed. */
export const THIN_POSTS = 10
