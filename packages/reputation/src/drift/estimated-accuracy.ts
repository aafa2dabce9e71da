// How often the model is right today, judged by how sure it is: no labels needed.

import { type Estimate, Z_95 } from '../intervals.ts'
import { SENTIMENTS } from '../sentiment.ts'
import type { ReferenceProfile } from './reference.ts'
import { type Sketch, sketchPosts } from './sketch.ts'

/** A bin of the reference with few posts leans this much on the accuracy of its label. */
const PSEUDO_POSTS = 5

/**
 * The mean, over the live posts, of how often the model was right on the reference where it gave the same label with
 * as much confidence; null without posts on either side. The rates rise with confidence (isotonic regression), so the
 * noise of small bins is smoothed. The interval speaks of the sizes of both samples, not of a world that has changed:
 * posts that the model is confidently wrong about are not seen.
 */
export function estimateAccuracy(reference: ReferenceProfile, live: Sketch): Estimate | null {
  const posts = sketchPosts(live)
  const rates = SENTIMENTS.map((_, label) => rightRates(reference, label))
  if (posts === 0 || rates.every((row) => row.every(({ posts: seen }) => seen === 0))) return null
  let value = 0
  let fromReference = 0
  for (const [label, row] of rates.entries()) {
    for (const [bin, { rate, posts: seen }] of row.entries()) {
      const share = live.histograms.confidence[label]![bin]! / posts
      value += share * rate
      fromReference += (share ** 2 * rate * (1 - rate)) / (seen + PSEUDO_POSTS)
    }
  }
  const half = Z_95 * Math.sqrt(fromReference + (value * (1 - value)) / posts)
  return { value, low: Math.max(0, value - half), high: Math.min(1, value + half) }
}

/** How often the model was right on the reference. */
export function referenceAccuracy({ posts }: Pick<ReferenceProfile, 'posts'>): number | null {
  const all = posts.flat().reduce((sum, count) => sum + count, 0)
  return all === 0 ? null : posts.reduce((sum, row, truth) => sum + row[truth]!, 0) / all
}

interface Rate {
  readonly rate: number
  /** Posts of the reference in the bin. */
  readonly posts: number
}

/** How often a label was right, by bin of confidence. */
function rightRates(reference: ReferenceProfile, label: number): readonly Rate[] {
  const cells = reference.histograms.confidence.map((row) => row[label]!)
  const right = cells[label]!
  const seen = right.map((_, bin) => cells.reduce((sum, bins) => sum + bins[bin]!, 0))
  const total = seen.reduce((sum, count) => sum + count, 0)
  const mean = total === 0 ? 0 : right.reduce((sum, count) => sum + count, 0) / total
  const rough = right.map((count, bin) => (count + PSEUDO_POSTS * mean) / (seen[bin]! + PSEUDO_POSTS))
  const rates = isotonic(
    rough,
    seen.map((count) => count + PSEUDO_POSTS),
  )
  return rates.map((rate, bin) => ({ rate, posts: seen[bin]! }))
}

/**
 * The closest values that never fall, by weighted least squares: neighbours that fall are pooled.
 * M. Ayer, H. D. Brunk, G. M. Ewing, W. T. Reid, E. Silverman, Ann. Math. Statist. 26 (1955).
 */
export function isotonic(values: readonly number[], weights: readonly number[]): readonly number[] {
  const blocks: { value: number; weight: number; length: number }[] = []
  for (const [at, value] of values.entries()) {
    let block = { value, weight: weights[at]!, length: 1 }
    for (let last = blocks.at(-1); last !== undefined && last.value > block.value; last = blocks.at(-1)) {
      const weight = last.weight + block.weight
      const mean = (last.value * last.weight + block.value * block.weight) / weight
      block = { value: mean, weight, length: last.length + block.length }
      blocks.pop()
    }
    blocks.push(block)
  }
  return blocks.flatMap(({ value, length }) => new Array<number>(length).fill(value))
}
