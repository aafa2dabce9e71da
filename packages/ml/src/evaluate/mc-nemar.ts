// McNemar's test: whether two classifiers err equally often, from the rows where only one of them is right.

export interface McNemarTest {
  /** Rows that only the first or only the second classifier gets right. */
  readonly onlyFirst: number
  readonly onlySecond: number
  /** Two-sided. */
  readonly p: number
  readonly method: 'exact' | 'mid-p'
}

/** Of fewer rows the exact test is taken, which never promises too much. */
const FEW = 25

/**
 * McNemar 1947 with the exact binomial distribution; of 25 rows and more its mid-p variant, which keeps its level better
 * (Fagerland, Lydersen & Laake 2013, "The McNemar test for binary matched-pairs data", BMC Med. Res. Methodol. 13:91).
 */
export function mcNemar(onlyFirst: number, onlySecond: number): McNemarTest {
  const rows = onlyFirst + onlySecond
  const tail = upperTail(rows, Math.max(onlyFirst, onlySecond))
  const exact = Math.min(1, 2 * tail.from)
  const method = rows < FEW ? 'exact' : 'mid-p'
  return { onlyFirst, onlySecond, p: method === 'exact' ? exact : Math.min(1, 2 * tail.from - tail.at), method }
}

/** Probability of `count` and of `count` or more heads among `tosses` of a fair coin; `count` at least their half. */
function upperTail(tosses: number, count: number): { at: number; from: number } {
  let logMass = -tosses * Math.LN2
  for (let i = 1; i <= tosses - count; i++) logMass += Math.log((tosses - i + 1) / i)
  const at = Math.exp(logMass)
  let from = 0
  let mass = at
  for (let heads = count; heads <= tosses && mass > 0; heads++) {
    from += mass
    mass *= (tosses - heads) / (heads + 1)
  }
  return { at, from }
}
