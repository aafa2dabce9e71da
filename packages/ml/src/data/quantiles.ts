// How a list of sizes is spread.

export interface Quantiles {
  readonly mean: number
  readonly smallest: number
  readonly median: number
  readonly p90: number
  readonly p99: number
  readonly largest: number
}

/** Nearest ranks: each figure but the mean is one of the sizes. Zeros for none. */
export function quantilesOf(sizes: Uint32Array): Quantiles {
  const sorted = Uint32Array.from(sizes).sort()
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0
  const total = sorted.reduce((sum, size) => sum + size, 0)
  return {
    mean: total / Math.max(1, sorted.length),
    smallest: at(0),
    median: at(0.5),
    p90: at(0.9),
    p99: at(0.99),
    largest: at(1),
  }
}
