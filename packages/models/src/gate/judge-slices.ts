// Verdicts on parts of the posts: a part fails only where a fall is shown, since there are many of them.
import { comparePairs, countPairs, type PairedCounts } from '@renown/ml'
import { formatCount, formatDifference, formatPoints } from '../report/format.ts'
import { boundOptions, type Evidence, formatConfidence, mainReference } from './evidence.ts'
import type { GateRule, SliceComparison } from './gate-types.ts'
import type { GatePolicy } from './policy.ts'

/** Bounds of slices are wide, and need fewer. */
const SLICE_RESAMPLES = 1000

export function compareSlices(
  { candidate, references, classes, labels, slices }: Evidence,
  policy: GatePolicy,
): SliceComparison[] {
  const role = mainReference(references)
  const other = role === null ? undefined : references[role]
  if (other === undefined) return []
  const options = { ...boundOptions(policy), resamples: Math.min(policy.resamples, SLICE_RESAMPLES) }
  return slices.map(({ name, rows }) => {
    const take = (values: readonly number[]): number[] => rows.map((row) => values[row] ?? 0)
    const counts = countPairs(take(classes), take(other.predictions), take(candidate[0].predictions), labels.length)
    const isSmall = rows.length < policy.slice_rows
    return {
      slice: name,
      rows: rows.length,
      ...macroRecalls(counts),
      difference: isSmall ? null : comparePairs(counts, options).macroRecall,
    }
  })
}

function macroRecalls({ perClass }: PairedCounts): { candidate: number; reference: number } {
  const occurring = perClass.filter(({ support }) => support > 0)
  const mean = (own: 'onlyFirst' | 'onlySecond'): number =>
    occurring.reduce((total, entry) => total + (entry.both + entry[own]) / entry.support, 0) / occurring.length
  return { candidate: mean('onlySecond'), reference: mean('onlyFirst') }
}

export function judgeSlice({ slice, rows, difference }: SliceComparison, policy: GatePolicy): GateRule[] {
  if (difference === null) return []
  const margin = policy.slice_margin / 100
  const isShown = difference.high < -margin
  return [
    {
      rule: 'slice',
      subject: slice,
      status: isShown ? 'fail' : 'pass',
      measured: difference.difference,
      bound: difference.high,
      allowed: -margin,
      unit: 'share',
      sentence: `${formatDifference(difference.difference)} points of macro recall on ${formatCount(rows)} posts ${slice}, at most ${formatDifference(difference.high)} with ${formatConfidence(policy)} confidence; a fall by more than ${formatPoints(margin)} must not be shown`,
    },
  ]
}
