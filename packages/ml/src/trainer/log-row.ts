// Rows of a run's log, under the names of the Trainer's log_history.

/**
 * Loss (mean of the updates since the row before), gradient norm before clipping and learning rate of the last update.
 */
export interface StepRow {
  readonly loss: number
  readonly grad_norm: number
  readonly learning_rate: number
  /** Real tokens a second since the row before, evaluation and saving left out. */
  readonly tokens_per_second?: number
  readonly epoch: number
  readonly step: number
}

export interface EvaluationRow {
  readonly eval_loss: number
  readonly eval_accuracy: number
  readonly eval_macro_recall: number
  readonly eval_macro_f1: number
  /** Seconds. */
  readonly eval_runtime: number
  readonly eval_samples_per_second?: number
  readonly eval_steps_per_second?: number
  readonly epoch: number
  readonly step: number
}

export interface FinalRow {
  /** Seconds, of this process alone where the run was resumed. */
  readonly train_runtime: number
  readonly train_samples_per_second?: number
  readonly train_steps_per_second?: number
  readonly train_tokens_per_second?: number
  /** Mean over all updates of the run. */
  readonly train_loss: number
  readonly epoch: number
  readonly step: number
}

export type LogRow = StepRow | EvaluationRow | FinalRow
