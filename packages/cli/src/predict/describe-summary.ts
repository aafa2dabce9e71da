// What a scored input says in sum, in two lines, and what changed, where its posts show it.
import { type Change, type ScoringSummary, SENTIMENTS } from '@renown/reputation'
import { formatCount, formatPoints, formatShare } from '../format/numbers.ts'

type Numbers = Pick<ScoringSummary, 'scored' | 'net' | 'split' | 'change'>

/** Nothing for fewer than two posts: there is no sum to speak of. */
export function describeSummary({ scored, net, split, change }: Numbers): string[] {
  if (net === null || scored < 2) return []
  const interval = `${formatPoints(net.low)} to ${formatPoints(net.high)}`
  const shares = SENTIMENTS.map(
    (label) => `${label} ${formatShare(split[label].share)} (${formatCount(split[label].n)})`,
  )
  return [
    `Net sentiment ${formatPoints(net.points)} (95 % interval ${interval}) over ${formatCount(scored)} posts`,
    shares.join(', '),
    ...(change?.supported === true ? [describeChange(change)] : []),
  ]
}

function describeChange({ after, difference }: Change): string {
  const verb = difference.points > 0 ? 'rose' : 'fell'
  const points = formatPoints(Math.abs(difference.points)).replace('+', '')
  const interval = `${formatPoints(difference.low)} to ${formatPoints(difference.high)}`
  return `It ${verb} ${points} points (95 % interval ${interval}) from the earlier half of the period to the later, which begins on ${after.from.slice(0, 10)}`
}
