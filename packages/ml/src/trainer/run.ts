// What the parts of a run have in common.
import type { RunRecord } from './checkpoint/run-record.ts'
import type { LossOptions } from './loss-targets.ts'
import type { RunPlan } from './steps-plan.ts'
import type { TrainingEvent, TrainOptions } from './train-options.ts'

export interface Run {
  readonly options: TrainOptions
  readonly plan: RunPlan
  readonly loss: LossOptions
  readonly record: Omit<RunRecord, 'state'>
  /** The folder whose checkpoints come from before this process: the output folder, or that of the one resumed from. */
  readonly origin: string
  readonly stopwatch: Stopwatch
  emit(event: TrainingEvent): void
  now(): number
}

/** What this process has done, for figures per second; nothing that a resumed run must know. */
export interface Stopwatch {
  readonly startedAt: number
  readonly firstStep: number
  examples: number
  tokens: number
  /** Milliseconds and tokens of updates since the last log row. */
  sinceLog: { milliseconds: number; tokens: number }
}
