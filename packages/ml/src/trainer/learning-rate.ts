// Learning rate of each update, as in transformers' optimization.py.
import type { TrainingArguments } from './arguments/training-arguments.ts'

/** Where a run of `total` updates, `warmup` of them for warming up, is at update `step`, from 0. */
interface SchedulePoint {
  readonly step: number
  readonly warmup: number
  readonly total: number
  readonly learningRate: number
}

/** Where the polynomial schedule ends (its `lr_end`), with power 1. */
const POLYNOMIAL_END = 1e-7

/** What the learning rate is multiplied by after the warm-up. */
const SCHEDULES: Readonly<Record<TrainingArguments['lrSchedulerType'], (point: SchedulePoint) => number>> = {
  linear: ({ step, warmup, total }) => Math.max(0, (total - step) / Math.max(1, total - warmup)),
  cosine: (point) => Math.max(0, 0.5 * (1 + Math.cos(Math.PI * progress(point)))),
  cosine_with_restarts: (point) =>
    progress(point) >= 1 ? 0 : Math.max(0, 0.5 * (1 + Math.cos(Math.PI * (progress(point) % 1)))),
  polynomial: ({ step, warmup, total, learningRate }) => {
    const end = POLYNOMIAL_END / learningRate
    if (step > total) return end
    return (1 - end) * (1 - (step - warmup) / (total - warmup)) + end
  },
  constant: () => 1,
  constant_with_warmup: () => 1,
  inverse_sqrt: ({ step, warmup }) => {
    const scale = warmup || 10_000
    return 1 / Math.sqrt((step + scale - warmup) / scale)
  },
}

function progress({ step, warmup, total }: SchedulePoint): number {
  return (step - warmup) / Math.max(1, total - warmup)
}

/**
 * Learning rate of the update after `step` others. With a warm-up the first update has none: its rate is 0.
 * Source: the `_get_*_lr_lambda` functions of transformers/optimization.py.
 */
export function learningRateAt(settings: TrainingArguments, step: number, warmup: number, total: number): number {
  const { learningRate, lrSchedulerType } = settings
  const warms = lrSchedulerType !== 'constant' && step < warmup
  const factor = warms ? step / Math.max(1, warmup) : SCHEDULES[lrSchedulerType]({ step, warmup, total, learningRate })
  return learningRate * factor
}

/** Updates of the warm-up in a run of `total` (`TrainingArguments.get_warmup_steps`). */
export function countWarmupSteps(settings: TrainingArguments, total: number): number {
  const { warmupSteps, warmupRatio } = settings
  if (warmupRatio !== null) return Math.ceil(total * warmupRatio)
  return warmupSteps >= 1 ? warmupSteps : Math.ceil(total * warmupSteps)
}
