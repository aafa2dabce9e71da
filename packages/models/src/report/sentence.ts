// The first words of a report: what was trained, how good it is, and what that is worth.
import type { Interval } from '@renown/ml'
import type { SplitEvaluation } from '../trained/finish-types.ts'
import { formatCount, formatDuration, formatInterval, formatPoints, formatShare } from './format.ts'
import type { Comparison, TrainingReportData } from './report-data.ts'

/** The main figure with its interval, against another model or against guessing. */
export function reportSentence(data: TrainingReportData): string {
  const { manifest, before } = data
  const [main] = data.evaluations
  if (main === undefined) return `${manifest.name} was trained; it was not measured`
  const { macroRecall, intervals } = main.evaluation
  const result = `${manifest.name} reaches a macro recall of ${formatShare(macroRecall)} (${formatInterval(intervals.macroRecall)}) on ${countPosts(main)}`
  return `${result}; ${before === undefined ? againstGuessing(manifest.labels.length) : against(findSame(data, main, before), before)}`
}

/** The same file on the split that the other model was measured on. */
function findSame(data: TrainingReportData, main: SplitEvaluation, { split }: Comparison): SplitEvaluation {
  return data.evaluations.find((found) => found.file === main.file && found.split === split) ?? main
}

function countPosts({ evaluation, split }: SplitEvaluation): string {
  return `${formatCount(evaluation.n)} ${split} ${evaluation.n === 1 ? 'post' : 'posts'}`
}

function againstGuessing(labels: number): string {
  return `guessing would reach ${formatShare(1 / labels)}`
}

/**
 * A difference is named only where it is larger than chance: its half-width is taken as that of two independent figures,
 * which on the same posts is wider than needed.
 */
function against(main: SplitEvaluation, before: Comparison): string {
  const difference = main.evaluation.macroRecall - before.evaluation.macroRecall
  const half = Math.hypot(
    halfWidth(main.evaluation.intervals.macroRecall),
    halfWidth(before.evaluation.intervals.macroRecall),
  )
  const known = `${before.name} (${formatShare(before.evaluation.macroRecall)}${before.split === undefined ? '' : ` on the ${before.split} posts`})`
  if (Math.abs(difference) <= half) return `no difference from ${known} that these posts could show`
  const points = `${formatPoints(Math.abs(difference))} ± ${formatPoints(half)} points`
  return `${points} ${difference > 0 ? 'above' : 'below'} ${known}`
}

function halfWidth([low, high]: Interval): number {
  return (high - low) / 2
}

/** What was done, in one sentence. */
export function trainingSentence({ manifest, logHistory, bestStep }: TrainingReportData): string {
  const { base, training } = manifest
  const last = logHistory.at(-1) as { readonly step?: unknown; readonly epoch?: unknown } | undefined
  const run = [
    typeof last?.step === 'number' ? `${formatCount(last.step)} steps` : '',
    typeof last?.epoch === 'number' ? `${Math.round(last.epoch * 100) / 100} epochs` : '',
    training?.seconds === undefined ? '' : formatDuration(training.seconds),
    bestStep === undefined ? '' : `the weights of step ${formatCount(bestStep)} kept`,
  ].filter((part) => part !== '')
  const data = training?.data.map(
    ({ name, config, split, rows }) =>
      `${config === undefined ? name : `${name} (${config})`}${split === undefined ? '' : `, ${split}`}${rows === undefined ? '' : `: ${formatCount(rows)} posts`}`,
  )
  return [
    base === null ? 'Trained' : `Trained from ${base.name}`,
    data === undefined || data.length === 0 ? '' : ` on ${data.join('; ')}`,
    run.length === 0 ? '' : `. ${capitalise(run.join(', '))}`,
    '.',
  ].join('')
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
