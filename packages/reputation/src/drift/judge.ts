// The verdict on a window of posts: has the world changed, has the reputation changed, or neither.
import { chiSquaredTail } from './chi-squared.ts'
import { type ComparedName, type Comparison, compareWithReference } from './compare.ts'
import { adjustForDiscoveries } from './false-discovery.ts'
import { estimateMix } from './label-shift.ts'
import type { ReferenceProfile } from './reference.ts'
import { referencePosts } from './reference.ts'
import { type Sketch, sketchPosts } from './sketch.ts'

/** `drift`: the world changed. `news`: the reputation changed. */
export const VERDICTS = ['too_few', 'stable', 'news', 'drift', 'drift_and_news'] as const
export type Verdict = (typeof VERDICTS)[number]

export const SEVERITIES = ['none', 'moderate', 'strong'] as const
export type Severity = (typeof SEVERITIES)[number]

/** Smaller windows get no verdict. */
export const FEWEST_JUDGED = 250

/** Of the findings among the features, at most this share is false on average. */
export const FALSE_DISCOVERIES = 0.01
const NEWS_LEVEL = 0.02

/**
 * Effects from which on a finding counts, chosen on windows that the published figures don't cover (docs/drift.md):
 * with enough posts every difference is significant, and small ones change no answer.
 */
export const EFFECT_LIMITS: Readonly<Record<ComparedName, number>> = {
  length: 0.35,
  unknown: 0.35,
  pieces: 0.35,
  script: 0.35,
  language: 0.35,
  confidence: 0.35,
  entropy: 0.35,
  novelty: 0.25,
  words: 0.03,
}
const STRONG = 2

/** How far the mix of labels must move to be news: half the sum of the differences of the shares. */
export const NEWS_LIMIT = 0.06

export interface Finding extends Comparison {
  /** `p`, adjusted for the number of features. */
  readonly adjustedP: number
  readonly limit: number
  readonly severity: Severity
}

export interface MixChange {
  /** Shares of the labels that the model gave, in the order of SENTIMENTS. */
  readonly before: readonly number[]
  readonly now: readonly number[]
  /** The shares now, with the model's usual mistakes taken out. */
  readonly corrected: readonly number[]
  /** Half the sum of the differences of the shares. */
  readonly distance: number
  readonly p: number
  readonly changed: boolean
  /** What `before` is: the reference, or posts of the days before. */
  readonly comparedWith: 'reference' | 'earlier'
}

export interface DriftVerdict {
  readonly verdict: Verdict
  readonly posts: number
  /** The worst of the findings. */
  readonly severity: Severity
  /** Each feature, the one farthest beyond its limit first. Empty with too few posts. */
  readonly findings: readonly Finding[]
  /** null with too few posts. */
  readonly mix: MixChange | null
}

/**
 * Judges a window. The world is compared with the reference; the mix of labels with `earlier` posts where there are
 * enough of them, otherwise with the reference too.
 */
export function judgeDrift(reference: ReferenceProfile, live: Sketch, earlier: Sketch | null = null): DriftVerdict {
  const posts = sketchPosts(live)
  if (posts < FEWEST_JUDGED || referencePosts(reference) < FEWEST_JUDGED) {
    return { verdict: 'too_few', posts, severity: 'none', findings: [], mix: null }
  }
  const comparisons = compareWithReference(reference, live)
  const adjusted = adjustForDiscoveries(comparisons.map(({ p }) => p))
  const findings = comparisons.map((comparison, at) => toFinding(comparison, adjusted[at]!))
  findings.sort((a, b) => b.effect / b.limit - a.effect / a.limit)
  const severity = SEVERITIES.findLast((level) => findings.some((finding) => finding.severity === level)) ?? 'none'
  const mix = compareMix(reference, live, earlier)
  return { verdict: nameVerdict(severity !== 'none', mix.changed), posts, severity, findings, mix }
}

function toFinding(comparison: Comparison, adjustedP: number): Finding {
  const limit = EFFECT_LIMITS[comparison.feature]
  const counts = adjustedP <= FALSE_DISCOVERIES && comparison.effect >= limit
  const severity = counts ? (comparison.effect >= STRONG * limit ? 'strong' : 'moderate') : 'none'
  return { ...comparison, adjustedP, limit, severity }
}

function nameVerdict(drift: boolean, news: boolean): Verdict {
  if (drift) return news ? 'drift_and_news' : 'drift'
  return news ? 'news' : 'stable'
}

/** A chi-squared test of two samples. */
function compareMix(reference: ReferenceProfile, live: Sketch, earlier: Sketch | null): MixChange {
  const isEarlier = earlier !== null && sketchPosts(earlier) >= FEWEST_JUDGED
  const named = live.posts.map((_, label) => reference.posts.reduce((sum, row) => sum + row[label]!, 0))
  const counts = isEarlier ? earlier.posts : named
  const before = sharesOf(counts)
  const now = sharesOf(live.posts)
  const sizes = [counts, live.posts].map((part) => part.reduce((sum, count) => sum + count, 0)) as [number, number]
  const joint = (sizes[0] * sizes[1]) / (sizes[0] + sizes[1])
  const pooled = counts.map((count, label) => (count + live.posts[label]!) / (sizes[0] + sizes[1]))
  const differences = now.map((share, label) => share - before[label]!)
  const known = [...pooled.keys()].filter((label) => pooled[label]! > 0)
  const statistic = known.reduce((sum, label) => sum + (joint * differences[label]! ** 2) / pooled[label]!, 0)
  const distance = differences.reduce((sum, difference) => sum + Math.abs(difference), 0) / 2
  const p = chiSquaredTail(statistic, known.length - 1)
  return {
    before,
    now,
    corrected: estimateMix(reference.posts, live.posts),
    distance,
    p,
    changed: p <= NEWS_LEVEL && distance >= NEWS_LIMIT,
    comparedWith: isEarlier ? 'earlier' : 'reference',
  }
}

function sharesOf(counts: readonly number[]): readonly number[] {
  const total = counts.reduce((sum, count) => sum + count, 0)
  return counts.map((count) => count / total)
}
