// What the parts of one `renown train` share.
import type { Io } from '../io.ts'
import type { TrainPlan } from './plan-train.ts'
import type { TrainFlagValues } from './train-flags.ts'

export interface TrainSession {
  readonly io: Io
  readonly flags: TrainFlagValues
  readonly plan: TrainPlan
  /** The data folder. */
  readonly home: string
  /** Threads to compute with. */
  readonly threads: number
  readonly signal: AbortSignal
  readonly quiet: boolean
}
