// How often each sentiment truly occurs, judged by how often the model names each.
import { SENTIMENTS } from '../sentiment.ts'
import type { Cells } from './reference.ts'

const STEPS = 1000
const CLOSE = 1e-9
/** Where a sentiment hardly occurs in the reference, a few imagined posts keep its row from deciding everything. */
const PSEUDO_POSTS = 0.5

/**
 * The mix of true labels under which the model, with the mistakes that it makes on the reference, gives its labels as
 * often as it did; shares that sum to 1. The reference's own where no post is there. Expectation maximisation.
 * M. Saerens, P. Latinne, C. Decaestecker, Adjusting the outputs of a classifier to new a priori probabilities, Neural
 * Computation 14 (2002), on the counts of labels alone.
 */
export function estimateMix(reference: Cells<number>, named: readonly number[]): readonly number[] {
  const rates = reference.map((row) => normalise(row.map((count) => count + PSEUDO_POSTS)))
  const total = named.reduce((sum, count) => sum + count, 0)
  let mix = trueMix(reference)
  if (total === 0) return mix
  const observed = named.map((count) => count / total)
  for (let step = 0; step < STEPS; step++) {
    const expected = SENTIMENTS.map((_, label) =>
      mix.reduce((sum, share, truth) => sum + share * rates[truth]![label]!, 0),
    )
    const next = normalise(
      mix.map((share, truth) =>
        observed.reduce((sum, seen, label) => sum + (share * rates[truth]![label]! * seen) / expected[label]!, 0),
      ),
    )
    const moved = Math.max(...next.map((share, at) => Math.abs(share - mix[at]!)))
    mix = next
    if (moved < CLOSE) break
  }
  return mix
}

/** How often each sentiment truly occurs in the reference. */
export function trueMix(reference: Cells<number>): readonly number[] {
  return normalise(reference.map((row) => row.reduce((sum, count) => sum + count, 0)))
}

/** What a post of the reference weighs, by its true label, so that the reference has the mix that `named` speaks of. */
export function mixWeights(reference: Cells<number>, named: readonly number[]): readonly number[] {
  const before = trueMix(reference)
  return estimateMix(reference, named).map((share, truth) => (before[truth]! === 0 ? 0 : share / before[truth]!))
}

function normalise(values: readonly number[]): readonly number[] {
  const sum = values.reduce((total, value) => total + value, 0)
  return values.map((value) => (sum === 0 ? 1 / values.length : value / sum))
}
