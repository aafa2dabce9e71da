// What a scored input says in sum, in two lines.
import { type ScoringSummary, SENTIMENTS } from '@renown/reputation'
import { formatCount, formatPoints, formatShare } from '../format/numbers.ts'

type Numbers = Pick<ScoringSummary, 'scored' | 'net' | 'split'>

/** Nothing for fewer than two posts: there is no sum to speak of. */
export function describeSummary({ scored, net, split }: Numbers): string[] {
  if (net === null || scored < 2) return []
  const interval = `${formatPoints(net.low)} to ${formatPoints(net.high)}`
  const shares = SENTIMENTS.map(
    (label) => `${label} ${formatShare(split[label].share)} (${formatCount(split[label].n)})`,
  )
  return [
    `Net sentiment ${formatPoints(net.points)} (95 % interval ${interval}) over ${formatCount(scored)} posts`,
    shares.join(', '),
  ]
}
