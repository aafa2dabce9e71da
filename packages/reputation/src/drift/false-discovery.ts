// Many tests at once: how sure each finding is, given that there were others.

/**
 * p-values adjusted so that, among the findings below a level, the share of false ones is at most that level on average.
 * In the order given. Y. Benjamini, Y. Hochberg, Controlling the false discovery rate, J. R. Statist. Soc. B 57 (1995).
 */
export function adjustForDiscoveries(pValues: readonly number[]): readonly number[] {
  const order = [...pValues.keys()].sort((a, b) => pValues[b]! - pValues[a]!)
  const adjusted = new Array<number>(pValues.length)
  let smallest = 1
  for (const [at, index] of order.entries()) {
    const rank = pValues.length - at
    smallest = Math.min(smallest, (pValues[index]! * pValues.length) / rank)
    adjusted[index] = smallest
  }
  return adjusted
}
