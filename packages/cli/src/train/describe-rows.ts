// Rows of a training's log as people read them.
import type { EvaluationOutcome, StepRow, StepsPlan } from '@renown/ml'
import { formatCount, formatDuration, formatShare } from '../format/numbers.ts'

/** `step 500, epoch 1.40: loss 0.7123, gradient norm 2.31, learning rate 1.20e-5, 1,234 tokens/s`. */
export function describeStepRow(row: StepRow): string {
  const parts = [
    `loss ${row.loss.toFixed(4)}`,
    `gradient norm ${row.grad_norm.toFixed(2)}`,
    `learning rate ${formatRate(row.learning_rate)}`,
  ]
  if (row.tokens_per_second !== undefined) parts.push(`${formatCount(row.tokens_per_second)} tokens/s`)
  return `${placeOfRow(row)}: ${parts.join(', ')}`
}

export function describeEvaluationRow({ row, isBest }: EvaluationOutcome): string {
  const parts = [
    `loss ${row.eval_loss.toFixed(4)}`,
    `macro recall ${formatShare(row.eval_macro_recall)}`,
    `accuracy ${formatShare(row.eval_accuracy)}`,
    `macro F1 ${formatShare(row.eval_macro_f1)}`,
  ]
  return `${placeOfRow(row)}, validation: ${parts.join(', ')}${isBest ? ' (best so far)' : ''}`
}

/** `Plan        2,852 steps, 1,426 an epoch, 1,284,000 tokens an epoch`. */
export function describeSteps({ total, updatesPerEpoch, tokens, warmupSteps }: StepsPlan): string {
  const parts = [`${formatCount(total)} steps`, `${formatCount(updatesPerEpoch)} an epoch`]
  if (warmupSteps > 0) parts.push(`${formatCount(warmupSteps)} of them warm-up`)
  return `Plan        ${parts.join(', ')}; ${formatCount(tokens)} tokens an epoch`
}

function placeOfRow({ step, epoch }: { readonly step: number; readonly epoch: number }): string {
  return `Step ${formatCount(step)}, epoch ${epoch.toFixed(2)}`
}

export function formatRate(rate: number): string {
  return rate === 0 ? '0' : rate.toExponential(2)
}

export interface RunningState {
  readonly step: number
  readonly total: number
  readonly loss: number
  readonly learningRate: number
  /** Null until it is known. */
  readonly tokensPerSecond: number | null
  readonly secondsLeft: number | null
}

/** What stands beside the bar. */
export function describeRunning(state: RunningState): string {
  const parts = [
    `step ${formatCount(state.step)} of ${formatCount(state.total)}`,
    `loss ${state.loss.toFixed(3)}`,
    `lr ${formatRate(state.learningRate)}`,
  ]
  if (state.tokensPerSecond !== null) parts.push(`${formatCount(state.tokensPerSecond)} tokens/s`)
  if (state.secondsLeft !== null && state.step < state.total) {
    const about = state.secondsLeft < 1 ? '' : 'about '
    parts.push(`${about}${formatDuration(state.secondsLeft)} left`)
  }
  return parts.join(', ')
}
