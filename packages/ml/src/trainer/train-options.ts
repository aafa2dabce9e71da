// What a training run takes, tells while it goes, and gives.
import type { TrainableModel } from '../training/trainable-model.ts'
import type { TrainingArguments } from './arguments/training-arguments.ts'
import type { EvaluationRow, FinalRow, LogRow, StepRow } from './log-row.ts'
import type { StepsPlan } from './steps-plan.ts'
import type { TrainingExample } from './training-example.ts'

export interface TrainOptions {
  /** Made with `trainableModelOptions(arguments, …)`; holds the final weights afterwards. The caller releases it. */
  readonly model: TrainableModel
  readonly arguments: TrainingArguments
  readonly examples: readonly TrainingExample[]
  readonly evaluation?: readonly TrainingExample[]
  readonly labels: readonly string[]
  /** Folder of the checkpoints; made if it isn't there, locked while the run goes. */
  readonly output: string
  /** What each checkpoint carries beside weights and config.json: the tokenizer's files, contents by name. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>
  /** What else a resumed run must have in common with the one that it continues, such as the base's hash. */
  readonly identity?: Readonly<Record<string, string>>
  /** Recorded: the same bytes come out only at the same number. */
  readonly threads: number
  /** Also saves a checkpoint of the last update where the save strategy has none, so that what follows can be repeated. */
  readonly keepsEnd?: boolean
  /** Ends the run after the micro-batch in hand, with a checkpoint of the last whole update. */
  readonly signal?: AbortSignal
  readonly onEvent?: (event: TrainingEvent) => void
  /** Milliseconds, for runtimes alone. */
  readonly now?: () => number
}

export interface EvaluationOutcome {
  readonly row: EvaluationRow
  /** `confusion[label][prediction]` counts. */
  readonly confusion: readonly (readonly number[])[]
  /** Better than all before it in the metric for the best model; false where none is named. */
  readonly isBest: boolean
}

export type TrainingEvent =
  | { readonly type: 'planned'; readonly plan: StepsPlan }
  | { readonly type: 'resumed'; readonly step: number; readonly checkpoint: string }
  /** Something that a person should know and that stops nothing. */
  | { readonly type: 'notice'; readonly message: string }
  /** After every update. `tokens` and `slots` (padding included) of this update; `loss` its own. */
  | {
      readonly type: 'update'
      readonly step: number
      readonly total: number
      readonly epoch: number
      readonly loss: number
      readonly gradNorm: number
      readonly learningRate: number
      readonly examples: number
      readonly tokens: number
      readonly slots: number
    }
  | { readonly type: 'logged'; readonly row: StepRow }
  | { readonly type: 'evaluating'; readonly step: number; readonly done: number; readonly total: number }
  | { readonly type: 'evaluated'; readonly evaluation: EvaluationOutcome }
  | { readonly type: 'checkpoint saved'; readonly step: number; readonly path: string }
  | { readonly type: 'checkpoint removed'; readonly step: number; readonly path: string }
  | { readonly type: 'stopped early'; readonly step: number; readonly bestStep: number | null }
  | { readonly type: 'interrupted'; readonly step: number; readonly checkpoint: string | null }
  | { readonly type: 'finished'; readonly row: FinalRow }

export interface BestModel {
  /** As in log rows: `eval_macro_recall`. */
  readonly metric: string
  readonly value: number
  readonly step: number
  /** Null where no checkpoint holds it. */
  readonly checkpoint: string | null
}

export interface TrainResult {
  readonly status: 'finished' | 'stopped early' | 'interrupted'
  /** Updates done, those before a resume included. */
  readonly steps: number
  readonly epoch: number
  readonly trainLoss: number
  /** That the run took, in all its processes; what one did after its last checkpoint is not known to the next. */
  readonly seconds: number
  readonly best: BestModel | null
  /** The latest whole checkpoint; null where none was saved. */
  readonly checkpoint: string | null
  /** Which weights the model holds now. */
  readonly weights: 'last' | 'best' | 'average'
  readonly log: readonly LogRow[]
}
