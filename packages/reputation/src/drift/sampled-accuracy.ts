// How often the model is right today, by posts that people labelled: drawn by stratum, weighted back to all posts.
import { type Estimate, wilsonInterval } from '../intervals.ts'
import { SENTIMENTS, type Sentiment } from '../sentiment.ts'
import { EDGES } from './features.ts'
import type { Sketch } from './sketch.ts'

/** Below this probability of its answer the model is unsure; an edge of the confidence bins. */
const SURE_FROM = 0.7

const SURENESS = ['unsure', 'sure'] as const

/** The label that the model gave, and whether it was sure. */
export type Stratum = `${Sentiment}_${(typeof SURENESS)[number]}`

export const STRATA: readonly Stratum[] = SENTIMENTS.flatMap((label) =>
  SURENESS.map((sureness): Stratum => `${label}_${sureness}`),
)

export function stratumOf(label: Sentiment, score: number): Stratum {
  return `${label}_${score > SURE_FROM ? 'sure' : 'unsure'}`
}

/** A stratum with a smaller share of the posts may be without labelled ones. */
const FEW = 0.05

export interface StratumCounts {
  /** Labelled posts, and those among them that the model was right about. */
  readonly labelled: number
  readonly right: number
}

/** How many live posts each stratum has. */
export function stratumSizes(live: Sketch): Readonly<Record<Stratum, number>> {
  const bound = EDGES.confidence.indexOf(SURE_FROM) + 1
  const sizes = SENTIMENTS.flatMap((label, row): [Stratum, number][] => {
    const bins = live.histograms.confidence[row]!
    const sum = (part: readonly number[]): number => part.reduce((total, count) => total + count, 0)
    return [
      [`${label}_unsure`, sum(bins.slice(0, bound))],
      [`${label}_sure`, sum(bins.slice(bound))],
    ]
  })
  return Object.fromEntries(sizes) as Record<Stratum, number>
}

/**
 * The share of right answers among all live posts, with a 95 % interval; null as long as a stratum that holds a
 * twentieth of the posts has no labelled one. The interval is Wilson's at the size of a simple sample that would be as
 * precise. E. L. Korn, B. I. Graubard, Survey Methodology 24 (1998), on proportions from complex samples.
 */
export function sampledAccuracy(
  sizes: Readonly<Record<Stratum, number>>,
  counts: Readonly<Record<Stratum, StratumCounts>>,
): Estimate | null {
  const total = STRATA.reduce((sum, name) => sum + sizes[name], 0)
  if (total === 0) return null
  const seen = STRATA.filter((name) => counts[name].labelled > 0)
  const unseen = STRATA.filter((name) => counts[name].labelled === 0 && sizes[name] > 0)
  if (unseen.some((name) => sizes[name] / total >= FEW)) return null
  const covered = seen.reduce((sum, name) => sum + sizes[name], 0)
  if (covered === 0) return null
  let wrong = 0
  let variance = 0
  for (const name of seen) {
    const weight = sizes[name] / covered
    const { labelled, right } = counts[name]
    // One imagined post each way, in the variance only: a stratum without a mistake has some nevertheless.
    const cautious = (right + 1) / (labelled + 2)
    wrong += (weight * (labelled - right)) / labelled
    variance += (weight ** 2 * cautious * (1 - cautious)) / labelled
  }
  const value = 1 - wrong
  const inside = Math.min(0.99, Math.max(0.01, value))
  const size = (inside * (1 - inside)) / variance
  return { value, ...wilsonInterval(value * size, size) }
}

/** Standard deviation of being right, where the model is right in 85 and in 55 of 100 cases. */
const SPREAD = { sure: 0.36, unsure: 0.5 } as const

/**
 * The stratum to ask about next: the one that is farthest behind its part of the sample, where strata that the model is
 * less often right in get more (Neyman's allocation). null where none has a post left.
 * J. Neyman, J. R. Statist. Soc. 97 (1934).
 */
export function nextStratum(
  sizes: Readonly<Record<Stratum, number>>,
  labelled: Readonly<Record<Stratum, number>>,
  left: Readonly<Record<Stratum, number>>,
): Stratum | null {
  const open = STRATA.filter((name) => left[name] > 0)
  const urgency = (name: Stratum): number =>
    (sizes[name] * SPREAD[name.endsWith('_sure') ? 'sure' : 'unsure']) / (labelled[name] + 1)
  return open.toSorted((a, b) => urgency(b) - urgency(a))[0] ?? null
}
