// The state of drift, in words and a table.
import { type Estimate, FEWEST_JUDGED, type RetrainingReason, SENTIMENTS, type Verdict } from '@renown/reputation'
import type { DriftState } from '@renown/server/drift'
import { formatCount, formatShare } from '../format/numbers.ts'
import { formatTable } from '../format/table.ts'

const VERDICTS: Readonly<Record<Verdict, string>> = {
  too_few: 'Too few posts to say anything.',
  stable: 'Neither the world nor the reputation changed.',
  news: 'The reputation changed, the world did not: this is news, no drift.',
  drift: 'The world changed: the posts are not like those that the model was measured on.',
  drift_and_news: 'The world changed, and the reputation did too.',
}

const RECENT: Readonly<Record<Verdict, string>> = {
  too_few: 'too few posts to say',
  stable: 'neither the world nor the reputation changed',
  news: 'the reputation changed, the world did not',
  drift: 'the world changed',
  drift_and_news: 'the world and the reputation changed',
}

const REASONS: Readonly<Record<RetrainingReason, string>> = {
  world_changed: 'the posts are far from those that the model was measured on',
  estimated_accuracy_fell: 'the estimated accuracy is lower than it was by more than the error of the estimate',
  sampled_accuracy_fell: 'the model is right less often about the posts that were labelled than it was',
}

export function describeDrift(state: DriftState, name: string): string {
  const { verdict, reference } = state
  const parts = [
    [
      `Model      ${name} ${state.version}`,
      `Measured   on ${reference.dataSet}, ${reference.split}: ${formatCount(reference.posts)} posts`,
      `Posts      ${formatCount(verdict.posts)} from ${state.from.toISOString()} to ${state.to.toISOString()}`,
    ].join('\n'),
    describeVerdict(state),
    describeRecent(state),
    describeFindings(state),
    describeMix(state),
    describeAccuracy(state),
    describeSuggestion(state.suggestion),
  ]
  return parts.filter((part) => part !== '').join('\n\n')
}

function describeVerdict({ verdict, reference }: DriftState): string {
  const isSmall = verdict.verdict === 'too_few' && reference.posts < FEWEST_JUDGED
  return isSmall
    ? `The model was measured on fewer than ${FEWEST_JUDGED} posts: too few to compare with.`
    : VERDICTS[verdict.verdict]
}

/** The reference may be of another world all along; then its own posts are what the model should be measured on. */
function describeRecent({ recent, verdict: { verdict } }: DriftState): string {
  if (recent === null) return ''
  const before = `Against the week before: ${RECENT[recent.verdict]}.`
  const isOther = verdict.startsWith('drift') && (recent.verdict === 'stable' || recent.verdict === 'news')
  return isOther
    ? `${before}\nThe posts are simply not those that the model was measured on. To compare with your own, label ${FEWEST_JUDGED}\nof them or more and measure it on those: renown evaluate MODEL --data labelled.jsonl --record`
    : before
}

function describeFindings({ verdict }: DriftState): string {
  if (verdict.findings.length === 0) return ''
  const rows = verdict.findings.map(({ feature, effect, limit, adjustedP, severity }) => [
    feature,
    effect.toFixed(3),
    String(limit),
    adjustedP < 1e-4 ? '< 0.0001' : adjustedP.toFixed(4),
    severity === 'none' ? '' : severity,
  ])
  return formatTable(['feature', 'effect', 'counts from', 'p', 'drift'], rows)
}

function describeMix({ verdict: { mix } }: DriftState): string {
  if (mix === null) return ''
  const rows = SENTIMENTS.map((label, at) =>
    [label, mix.before[at], mix.now[at], mix.corrected[at]].map((cell) =>
      typeof cell === 'number' ? formatShare(cell) : (cell ?? ''),
    ),
  )
  const before = mix.comparedWith === 'earlier' ? 'week before' : 'reference'
  return formatTable(['label', before, 'now', 'without mistakes'], rows)
}

function describeAccuracy({ verdict, reference, estimated, sampled, labelled }: DriftState): string {
  const before = reference.accuracy === null ? '' : `when measured ${formatShare(reference.accuracy)}`
  const guess = estimated === null ? '' : `estimated ${formatEstimate(estimated)}`
  const real = sampled === null ? '' : `of ${formatCount(labelled)} labelled posts ${formatEstimate(sampled)}`
  const known = [before, guess, real].filter((part) => part !== '')
  if (known.length === 0) return ''
  const isBlind = estimated !== null && verdict.verdict.startsWith('drift')
  const caution = isBlind
    ? '\n           The estimate may be too high where posts are of another kind: trust labels.'
    : ''
  return `Accuracy   ${known.join('; ')}${caution}`
}

function formatEstimate({ value, low, high }: Estimate): string {
  return `${formatShare(value)} (${formatShare(low)} to ${formatShare(high)})`
}

function describeSuggestion(reasons: readonly RetrainingReason[]): string {
  if (reasons.length === 0) return ''
  const list = reasons.map((reason) => `  - ${REASONS[reason]}`)
  return [
    'A training on newer posts may be worth it:',
    ...list,
    'Label some of them, then: renown train, renown gate (docs/train.md). Nothing was started.',
  ].join('\n')
}
