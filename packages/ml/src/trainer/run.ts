// What the parts of a run have in common.
import { resolve } from 'node:path'
import { describeRun, type RunRecord } from './checkpoint/run-record.ts'
import { type LossOptions, lossOptions } from './loss-targets.ts'
import { INITIAL_STATE, type RunState } from './run-state.ts'
import type { RunPlan } from './steps-plan.ts'
import type { TrainingEvent, TrainOptions } from './train-options.ts'

export interface Run {
  readonly options: TrainOptions
  readonly plan: RunPlan
  readonly loss: LossOptions
  readonly record: Omit<RunRecord, 'state'>
  /** Where the checkpoints of before this process are: the output folder, or that of the one resumed from; absolute. */
  readonly origin: string
  readonly stopwatch: Stopwatch
  emit(event: TrainingEvent): void
  now(): number
}

/** What this process has done, for figures per second; nothing that a resumed run must know. */
export interface Stopwatch {
  readonly startedAt: number
  readonly firstStep: number
  /** That the processes before took. */
  readonly secondsBefore: number
  examples: number
  tokens: number
  /** Milliseconds and tokens of updates since the last log row. */
  sinceLog: { milliseconds: number; tokens: number }
}

export function createRun(
  options: TrainOptions,
  plan: RunPlan,
  {
    origin = options.output,
    state = INITIAL_STATE,
  }: { readonly origin?: string | undefined; readonly state?: RunState } = {},
): Run {
  const now = options.now ?? (() => performance.now())
  return {
    options,
    plan,
    loss: lossOptions(options.arguments, options.examples, options.labels),
    record: describeRun(options),
    origin: resolve(origin),
    stopwatch: {
      startedAt: now(),
      firstStep: state.step,
      secondsBefore: state.seconds,
      examples: 0,
      tokens: 0,
      sinceLog: { milliseconds: 0, tokens: 0 },
    },
    emit: (event) => options.onEvent?.(event),
    now,
  }
}

/** Of the whole run so far, the processes before this one included. */
export function secondsSoFar({ stopwatch, now }: Run): number {
  return stopwatch.secondsBefore + (now() - stopwatch.startedAt) / 1000
}
