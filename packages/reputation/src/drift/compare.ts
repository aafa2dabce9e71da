// How far live posts lie from the reference: an effect free of chance's share, and the probability of chance alone.
import { SENTIMENTS } from '../sentiment.ts'
import { chiSquaredTail } from './chi-squared.ts'
import { FEATURE_NAMES, type FeatureName } from './features.ts'
import { mixWeights } from './label-shift.ts'
import type { Cells, ReferenceProfile } from './reference.ts'
import type { Sketch } from './sketch.ts'

/** `words`: which words occur how often. */
export type ComparedName = FeatureName | 'words'

export interface Comparison {
  readonly feature: ComparedName
  /** 0 where the two don't differ by more than chance makes them. */
  readonly effect: number
  /** Of a difference as large by chance. */
  readonly p: number
}

/** The posts of one label of the model's, live and as the reweighted reference expects them. */
interface Stratum {
  readonly live: readonly number[]
  readonly livePosts: number
  /** Shares of the reference. */
  readonly expected: readonly number[]
  /** How many posts of equal weight would say as much. */
  readonly referencePosts: number
}

/** A label with fewer posts on either side says nothing of its own. */
const FEWEST_POSTS = 20
/** Bins with fewer posts are counted together, words with fewer left out: the approximation needs as many. */
const FEWEST_IN_BIN = 3
/**
 * Each feature by itself. Both sides are taken apart by the label that the model gave, and the reference is weighted by
 * its true labels as `mixWeights` says: a change of mood alone changes nothing here.
 */
export function compareWithReference(reference: ReferenceProfile, live: Sketch): readonly Comparison[] {
  const weights = mixWeights(reference.posts, live.posts)
  const histograms = FEATURE_NAMES.map((feature) =>
    compareHistograms(
      feature,
      strata(reference, reference.histograms[feature], live, live.histograms[feature], weights),
    ),
  )
  return [...histograms, compareWords(strata(reference, reference.words, live, live.words, weights))]
}

function strata(
  reference: ReferenceProfile,
  counts: Cells<number[]>,
  live: Sketch,
  liveCounts: readonly (readonly number[])[],
  weights: readonly number[],
): readonly Stratum[] {
  return SENTIMENTS.map((_, label): Stratum => {
    const posts = weights.map((_weight, truth) => reference.posts[truth]![label]!)
    const mass = posts.reduce((sum, count, truth) => sum + count * weights[truth]!, 0)
    const squares = posts.reduce((sum, count, truth) => sum + count * weights[truth]! ** 2, 0)
    const bins = counts[0]![label]!.length
    const expected = Array.from({ length: bins }, (_none, bin) =>
      weights.reduce((sum, weight, truth) => sum + weight * counts[truth]![label]![bin]!, 0),
    )
    return {
      live: liveCounts[label]!,
      livePosts: live.posts[label]!,
      expected: expected.map((weighted) => (mass === 0 ? 0 : weighted / mass)),
      referencePosts: squares === 0 ? 0 : mass ** 2 / squares,
    }
  }).filter(({ livePosts, referencePosts }) => livePosts >= FEWEST_POSTS && referencePosts >= FEWEST_POSTS)
}

/**
 * A chi-squared test of two samples in each stratum, summed. The effect is Cohen's w of the two distributions, less what
 * chance adds to its square. J. Cohen, Statistical Power Analysis for the Behavioral Sciences (1988), 7.2.
 */
function compareHistograms(feature: FeatureName, parts: readonly Stratum[]): Comparison {
  let statistic = 0
  let degrees = 0
  let size = 0
  for (const stratum of parts) {
    const joint = jointSize(stratum)
    const bins = poolSmallBins(stratum)
    for (const { live, expected, pooled } of bins) statistic += (joint * (live - expected) ** 2) / pooled
    degrees += Math.max(0, bins.length - 1)
    size += joint
  }
  const excess = size === 0 ? 0 : (statistic - degrees) / size
  return { feature, effect: Math.sqrt(Math.max(0, excess)), p: chiSquaredTail(statistic, degrees) }
}

/**
 * For each group of words, the difference between the shares of posts that have one, in standard deviations. The effect
 * is its root mean square over the groups, less what chance adds.
 */
function compareWords(parts: readonly Stratum[]): Comparison {
  let statistic = 0
  let groups = 0
  let mass = 0
  for (const stratum of parts) {
    const joint = jointSize(stratum)
    for (const { live, expected, pooled } of sharesOf(stratum)) {
      if (pooled * stratum.livePosts < FEWEST_IN_BIN || pooled >= 1) continue
      statistic += (joint * (live - expected) ** 2) / (pooled * (1 - pooled))
      groups += 1
      mass += joint
    }
  }
  const excess = mass === 0 ? 0 : (statistic - groups) / mass
  return { feature: 'words', effect: Math.sqrt(Math.max(0, excess)), p: chiSquaredTail(statistic, groups) }
}

interface Shares {
  readonly live: number
  readonly expected: number
  /** The best guess at the share that both would have in common. */
  readonly pooled: number
}

/** Half the harmonic mean: what the variance of a difference of two shares is divided by. */
function jointSize({ livePosts, referencePosts }: Stratum): number {
  return (livePosts * referencePosts) / (livePosts + referencePosts)
}

function sharesOf(stratum: Stratum): readonly Shares[] {
  const { livePosts, referencePosts } = stratum
  return stratum.live.map((count, bin) => {
    const expected = stratum.expected[bin]!
    const pooled = (count + expected * referencePosts) / (livePosts + referencePosts)
    return { live: count / livePosts, expected, pooled }
  })
}

function poolSmallBins(stratum: Stratum): readonly Shares[] {
  const all = sharesOf(stratum).filter(({ pooled }) => pooled > 0)
  const isSmall = ({ pooled }: Shares): boolean => pooled * stratum.livePosts < FEWEST_IN_BIN
  const small = all.filter(isSmall)
  const large = all.filter((bin) => !isSmall(bin))
  if (small.length === 0) return large
  const sum = (part: (bin: Shares) => number): number => small.reduce((total, bin) => total + part(bin), 0)
  return [
    ...large,
    { live: sum(({ live }) => live), expected: sum(({ expected }) => expected), pooled: sum(({ pooled }) => pooled) },
  ]
}
