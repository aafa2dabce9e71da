// A population in which two models differ as often, and by as much, as is wanted: real rows, weighted.

/** Who is right on a row: both and none of them alike, one alone, or neither and each in another way. */
export type PairKind = 'same' | 'onlyFirst' | 'onlySecond' | 'bothWrong'

export interface PairedRow {
  readonly label: number
  readonly kind: PairKind
}

export interface Wanted {
  /** Share of the rows that the two answer differently. */
  readonly differing: number
  /** Recall of each label by the second less that by the first. */
  readonly difference: number
}

export function kindOf(label: number, first: number, second: number): PairKind {
  if (first === second) return 'same'
  if (first === label) return 'onlyFirst'
  return second === label ? 'onlySecond' : 'bothWrong'
}

/**
 * Weights of the rows, 1 on average. Rows that differ weigh `scale` times as much, those that only one gets right by
 * `exp(±tilt)` more or less, so that every label's recall differs by what is wanted; each label keeps its share. The
 * numbers are found by halving.
 */
export function tiltPairs(rows: readonly PairedRow[], labels: number, wanted: Wanted): number[] {
  const counts = countKinds(rows, labels)
  const weigh = (scale: number): Kinds[] =>
    counts.map((kinds) =>
      weighKinds(
        kinds,
        scale,
        solve(-6, 6, (tilt) => wanted.difference - gainOf(kinds, weighKinds(kinds, scale, tilt))),
      ),
    )
  const scale = solve(1e-3, 1e3, (value) => differingOf(counts, weigh(value)) - wanted.differing)
  const weights = weigh(scale)
  return rows.map(({ label, kind }) => weights[label]![kind])
}

type Kinds = Readonly<Record<PairKind, number>>

const KINDS: readonly PairKind[] = ['same', 'onlyFirst', 'onlySecond', 'bothWrong']

function countKinds(rows: readonly PairedRow[], labels: number): Kinds[] {
  const counts = Array.from({ length: labels }, () => ({ same: 0, onlyFirst: 0, onlySecond: 0, bothWrong: 0 }))
  for (const { label, kind } of rows) counts[label]![kind]++
  return counts
}

function weighKinds(counts: Kinds, scale: number, tilt: number): Kinds {
  const factors = { same: 1, onlyFirst: scale * Math.exp(tilt), onlySecond: scale * Math.exp(-tilt), bothWrong: scale }
  const even = sum(KINDS.map((kind) => counts[kind])) / sum(KINDS.map((kind) => counts[kind] * factors[kind]))
  return Object.fromEntries(KINDS.map((kind) => [kind, factors[kind] * even])) as Kinds
}

/** What the second gains in recall on a label. */
function gainOf(counts: Kinds, weights: Kinds): number {
  const gained = counts.onlySecond * weights.onlySecond - counts.onlyFirst * weights.onlyFirst
  return gained / sum(KINDS.map((kind) => counts[kind]))
}

function differingOf(counts: readonly Kinds[], weights: readonly Kinds[]): number {
  const differing = counts.map((kinds, label) =>
    sum(KINDS.map((kind) => (kind === 'same' ? 0 : kinds[kind] * weights[label]![kind]))),
  )
  return sum(differing) / sum(counts.flatMap((kinds) => KINDS.map((kind) => kinds[kind])))
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

/** Where a rising function crosses zero. */
function solve(from: number, to: number, rising: (value: number) => number): number {
  let [low, high] = [from, to]
  const isLogarithmic = from > 0
  for (let step = 0; step < 40; step++) {
    const middle = isLogarithmic ? Math.sqrt(low * high) : (low + high) / 2
    if (rising(middle) < 0) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** Row numbers drawn with replacement, in proportion to the weights. */
export function createDraw(weights: readonly number[], share: () => number): () => number {
  const sums = new Float64Array(weights.length)
  let total = 0
  for (const [index, weight] of weights.entries()) {
    total += weight
    sums[index] = total
  }
  return () => {
    const place = share() * total
    let [low, high] = [0, sums.length - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if (sums[middle]! <= place) low = middle + 1
      else high = middle
    }
    return low
  }
}
