// Net sentiment of counts that the page itself puts together: halves of a period, days out of hours.

export interface Counts {
  readonly negative: number
  readonly neutral: number
  readonly positive: number
}

export interface Net {
  readonly n: number
  /** −100 to 100, with a 95 % interval. */
  readonly points: number
  readonly low: number
  readonly high: number
  /** Standard error, in points. */
  readonly error: number
}

const Z95 = 1.96
/** Imagined posts on each side, and how much wider a small sample is made. */
const PSEUDO_COUNT = 1.75
const SMALL_SAMPLE = 0.5

/**
 * The adjusted Wald interval of Bonett and Price (2012) with the constants that the server's own `net` has
 * (`differenceInterval` of the domain), so that numbers side by side agree. null without posts.
 */
export function netOf({ negative, neutral, positive }: Counts): Net | null {
  const n = negative + neutral + positive
  if (n === 0) return null
  const size = n + 2 * PSEUDO_COUNT
  const up = (positive + PSEUDO_COUNT) / size
  const down = (negative + PSEUDO_COUNT) / size
  const error = 100 * (1 + SMALL_SAMPLE / n) * Math.sqrt((up + down - (up - down) ** 2) / size)
  const centre = 100 * (up - down)
  return {
    n,
    points: (100 * (positive - negative)) / n,
    low: Math.max(-100, centre - Z95 * error),
    high: Math.min(100, centre + Z95 * error),
    error,
  }
}

export function sumCounts(parts: readonly Counts[]): Counts {
  const sum = { negative: 0, neutral: 0, positive: 0 }
  for (const part of parts) {
    sum.negative += part.negative
    sum.neutral += part.neutral
    sum.positive += part.positive
  }
  return sum
}

export function subtractCounts(all: Counts, part: Counts): Counts {
  return {
    negative: all.negative - part.negative,
    neutral: all.neutral - part.neutral,
    positive: all.positive - part.positive,
  }
}
