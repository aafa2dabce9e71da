// UTC buckets of time: which one a moment falls in, and which one comes next.
export const TIME_UNITS = ['hour', 'day', 'week', 'month', 'year'] as const

export type TimeUnit = (typeof TIME_UNITS)[number]

const HOUR = 3_600_000
const DAY = 24 * HOUR
/** 1970-01-05, the first Monday (ISO weeks start on Mondays) after the epoch, in days. */
const FIRST_MONDAY = 4

/** The bucket's number, counted from the epoch; consecutive buckets have consecutive numbers. */
export function bucketIndex(time: number, unit: TimeUnit): number {
  if (unit === 'hour') return Math.floor(time / HOUR)
  if (unit === 'day') return Math.floor(time / DAY)
  if (unit === 'week') return Math.floor((Math.floor(time / DAY) - FIRST_MONDAY) / 7)
  const date = new Date(time)
  const years = date.getUTCFullYear() - 1970
  return unit === 'year' ? years : years * 12 + date.getUTCMonth()
}

/** The moment the bucket starts, in milliseconds since the epoch. */
export function bucketStart(index: number, unit: TimeUnit): number {
  if (unit === 'hour') return index * HOUR
  if (unit === 'day') return index * DAY
  if (unit === 'week') return (index * 7 + FIRST_MONDAY) * DAY
  return unit === 'year' ? Date.UTC(1970 + index, 0) : Date.UTC(1970, index)
}
