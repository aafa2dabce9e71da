// Where a run is: everything that the next update and the last row of the log depend on, beside weights and moments.
import type { TrainingArguments } from './arguments/training-arguments.ts'
import type { LogRow } from './log-row.ts'
import type { StepsPlan } from './steps-plan.ts'

export interface RunState {
  /** Updates done. */
  readonly step: number
  readonly epoch: number
  /** The last update ended its epoch or the run. */
  readonly isEpochEnd: boolean
  /** Sums of the updates' losses: of the whole run, and since the last log row. */
  readonly lossTotal: number
  readonly lossSinceLog: number
  readonly loggedStep: number
  /** Of the last update, for the log. */
  readonly gradNorm: number
  readonly learningRate: number
  readonly bestMetric: number | null
  readonly bestStep: number | null
  /** Step of the checkpoint that holds the best weights. */
  readonly bestCheckpointStep: number | null
  /** Evaluations in a row that were not better. */
  readonly patienceCount: number
  /** Early stopping has said so. */
  readonly isStopped: boolean
  /** The last update's evaluation and checkpoint are still to come: the run was interrupted in between. */
  readonly isUpdatePending: boolean
  /** Steps whose checkpoints the save strategy asked for. */
  readonly savedSteps: readonly number[]
  /** Step of a checkpoint that only an interruption asked for. */
  readonly strayStep: number | null
  /** That training took up to the last checkpoint, in all processes of the run. */
  readonly seconds: number
  readonly log: readonly LogRow[]
}

export const INITIAL_STATE: RunState = {
  step: 0,
  epoch: 0,
  isEpochEnd: false,
  lossTotal: 0,
  lossSinceLog: 0,
  loggedStep: 0,
  gradNorm: 0,
  learningRate: 0,
  bestMetric: null,
  bestStep: null,
  bestCheckpointStep: null,
  patienceCount: 0,
  isStopped: false,
  isUpdatePending: false,
  savedSteps: [],
  strayStep: null,
  seconds: 0,
  log: [],
}

export function checkpointName(step: number): string {
  return `checkpoint-${step}`
}

/** The content of `trainer_state.json`, with the fields of transformers' TrainerState and no others: it loads there. */
export function trainerState(state: RunState, plan: StepsPlan, settings: TrainingArguments): Record<string, unknown> {
  return {
    best_global_step: state.bestStep,
    best_metric: state.bestMetric,
    best_model_checkpoint: state.bestCheckpointStep === null ? null : checkpointName(state.bestCheckpointStep),
    epoch: state.epoch,
    eval_steps: plan.evalSteps ?? settings.evalSteps ?? settings.loggingSteps,
    global_step: state.step,
    is_hyper_param_search: false,
    is_local_process_zero: true,
    is_world_process_zero: true,
    log_history: state.log,
    logging_steps: plan.loggingSteps ?? settings.loggingSteps,
    max_steps: plan.total,
    num_input_tokens_seen: 0,
    num_train_epochs: plan.epochs,
    save_steps: plan.saveSteps ?? settings.saveSteps,
    stateful_callbacks: earlyStoppingState(state, settings),
    total_flos: 0,
    train_batch_size: settings.perDeviceTrainBatchSize,
    trial_name: null,
    trial_params: null,
  }
}

function earlyStoppingState(state: RunState, settings: TrainingArguments): Record<string, unknown> {
  if (settings.earlyStoppingPatience === null) return {}
  return {
    EarlyStoppingCallback: {
      args: {
        early_stopping_patience: settings.earlyStoppingPatience,
        early_stopping_threshold: settings.earlyStoppingThreshold,
      },
      attributes: { early_stopping_patience_counter: state.patienceCount },
    },
  }
}
