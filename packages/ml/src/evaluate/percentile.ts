// Percentiles of what was resampled.

/** The value that a share of the sorted values lies below: linear between the closest ranks, numpy's default. */
export function percentile(sorted: Float64Array, share: number): number {
  const rank = share * (sorted.length - 1)
  const low = sorted[Math.floor(rank)] ?? 0
  const high = sorted[Math.ceil(rank)] ?? 0
  return low + (high - low) * (rank - Math.floor(rank))
}
