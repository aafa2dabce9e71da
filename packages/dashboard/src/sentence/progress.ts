// How far a scoring is, in words.
import type { Scoring } from '../api/types.ts'
import { formatCount, formatNoun } from '../format/number.ts'
import { formatLeft } from '../format/time.ts'

/** The share that is done, 0 to 1, or null where the size is not known. */
export function progressShare(progress: Scoring['progress']): number | null {
  if (progress.bytes_total === null || progress.bytes_total <= 0) return null
  return Math.min(1, progress.bytes_read / progress.bytes_total)
}

/** "1,204 rows read · 3,100 rows a second · about 12 s left"; rate and time only after two seconds. */
export function describeProgress(progress: Scoring['progress'], runningMs: number): string {
  const parts = [`${formatNoun(progress.rows, 'row')} read`]
  if (runningMs >= 2000) {
    if (progress.rows_per_second !== null) parts.push(`${formatCount(progress.rows_per_second)} rows a second`)
    if (progress.seconds_left !== null) parts.push(formatLeft(progress.seconds_left))
  }
  return parts.join(' · ')
}

/** What the rows became, for the line under the answer. */
export function describeRows(progress: Scoring['progress']): string {
  const known = progress.cached === 0 ? '' : ` (${formatCount(progress.cached)} with a text that was scored before)`
  const parts = [`${formatNoun(progress.scored, 'post')} scored${known}`]
  if (progress.rejected > 0) parts.push(`${formatNoun(progress.rejected, 'row')} left out`)
  return parts.join(', ')
}
