// Refuses settings that contradict each other, before anything is loaded.
import { MlError } from '../../errors.ts'
import type { TrainingArguments } from './training-arguments.ts'

/** @throws MlError ARGUMENTS_INVALID, with what to set */
export function checkArguments(settings: TrainingArguments): void {
  checkLength(settings)
  for (const name of ['loggingSteps', 'evalSteps', 'saveSteps'] as const) checkInterval(settings, name)
  if (settings.loadBestModelAtEnd) checkBestModel(settings)
  if (settings.saveStrategy === 'best' && settings.evalStrategy === 'no') {
    throw invalid('save_strategy best needs evaluations to compare: set eval_strategy to epoch or steps')
  }
  if (settings.earlyStoppingPatience !== null) checkEarlyStopping(settings)
  if (settings.averageCheckpoints > 0) checkAveraging(settings)
}

/** @throws MlError ARGUMENTS_INVALID where evaluation is asked for without a set to evaluate on */
export function checkEvaluationSet(settings: TrainingArguments, isGiven: boolean): void {
  if (isGiven || (settings.evalStrategy === 'no' && !settings.evalOnStart)) return
  const cause = settings.evalStrategy === 'no' ? 'eval_on_start' : `eval_strategy ${settings.evalStrategy}`
  throw invalid(`${cause} needs an evaluation set: give one, or set eval_strategy to no and eval_on_start to false`)
}

function checkLength(settings: TrainingArguments): void {
  if (settings.maxSteps === 0) throw invalid('max_steps: expected at least 1, or -1 for num_train_epochs, got 0')
  if (settings.maxSteps < 0 && settings.numTrainEpochs === 0) {
    throw invalid('num_train_epochs: expected a number above 0, got 0')
  }
  if (settings.warmupSteps >= 1 && !Number.isInteger(settings.warmupSteps)) {
    throw invalid(`warmup_steps: expected a whole number, or a share below 1, got ${settings.warmupSteps}`)
  }
  if (settings.warmupRatio !== null && settings.warmupSteps > 0 && settings.warmupRatio !== settings.warmupSteps) {
    throw invalid(
      `warmup_steps ${settings.warmupSteps} and warmup_ratio ${settings.warmupRatio} say different things: set one of them`,
    )
  }
  if (settings.lrSchedulerType === 'polynomial' && settings.learningRate <= 1e-7) {
    throw invalid(
      `lr_scheduler_type polynomial ends at 1e-7: expected a higher learning_rate, got ${settings.learningRate}`,
    )
  }
  if (settings.maxTokensPerBatch !== null && settings.dataloaderDropLast) {
    throw invalid('dataloader_drop_last has no meaning where max_tokens_per_batch cuts the batches: set one of them')
  }
}

const INTERVALS = {
  loggingSteps: { strategy: 'loggingStrategy', steps: 'logging_steps', name: 'logging_strategy' },
  evalSteps: { strategy: 'evalStrategy', steps: 'eval_steps', name: 'eval_strategy' },
  saveSteps: { strategy: 'saveStrategy', steps: 'save_steps', name: 'save_strategy' },
} as const

function checkInterval(settings: TrainingArguments, name: keyof typeof INTERVALS): void {
  const { strategy, steps, name: strategyName } = INTERVALS[name]
  const value = settings[name]
  if (settings[strategy] !== 'steps' || value === null) return
  if (value === 0) throw invalid(`${steps}: expected more than 0 with ${strategyName} steps, got 0; or set it to no`)
  if (value > 1 && !Number.isInteger(value)) {
    throw invalid(`${steps}: expected a whole number, or a share below 1, got ${value}`)
  }
}

function checkBestModel(settings: TrainingArguments): void {
  const { evalStrategy, saveStrategy } = settings
  if (evalStrategy === 'no') {
    throw invalid(
      'load_best_model_at_end needs evaluations to compare: set eval_strategy and save_strategy both to epoch',
    )
  }
  if (saveStrategy === 'best') return
  if (saveStrategy !== evalStrategy) {
    throw invalid(
      `load_best_model_at_end needs a checkpoint of what was evaluated, but eval_strategy is ${evalStrategy} and ` +
        `save_strategy is ${saveStrategy}: set save_strategy to ${evalStrategy} or best`,
    )
  }
  const { evalSteps, saveSteps } = settings
  if (evalStrategy === 'steps' && evalSteps !== null) checkMultiple(evalSteps, saveSteps)
}

function checkMultiple(evalSteps: number, saveSteps: number): void {
  if (evalSteps < 1 !== saveSteps < 1) {
    throw invalid(
      `load_best_model_at_end needs save_steps to be a multiple of eval_steps, got ${saveSteps} and ${evalSteps}: set both ` +
        'to whole numbers, or both to shares below 1',
    )
  }
  // Shares are compared in millionths, since 0.3 is no multiple of 0.1 in binary.
  const [save, evaluate] =
    evalSteps < 1 ? [Math.round(saveSteps * 1e6), Math.round(evalSteps * 1e6)] : [saveSteps, evalSteps]
  if (save % evaluate === 0) return
  throw invalid(
    `load_best_model_at_end needs save_steps to be a multiple of eval_steps, got ${saveSteps} and ${evalSteps}: set ` +
      `save_steps to ${evalSteps}, or save_strategy to best`,
  )
}

function checkEarlyStopping(settings: TrainingArguments): void {
  if (settings.evalStrategy === 'no') {
    throw invalid('early_stopping_patience needs evaluations to compare: set eval_strategy to epoch or steps')
  }
  if (settings.metricForBestModel === null) {
    throw invalid(
      'early_stopping_patience needs to know what is better: set metric_for_best_model, for example to macro_recall',
    )
  }
}

function checkAveraging(settings: TrainingArguments): void {
  const { averageCheckpoints, saveStrategy, saveTotalLimit } = settings
  if (averageCheckpoints === 1) throw invalid('average_checkpoints: expected at least 2, or 0 for none, got 1')
  if (settings.loadBestModelAtEnd) {
    throw invalid('average_checkpoints and load_best_model_at_end each decide about the final weights: set one of them')
  }
  if (saveStrategy !== 'steps' && saveStrategy !== 'epoch') {
    throw invalid(`average_checkpoints needs checkpoints: set save_strategy to epoch or steps, not ${saveStrategy}`)
  }
  if (saveTotalLimit !== null && saveTotalLimit < averageCheckpoints) {
    throw invalid(
      `average_checkpoints ${averageCheckpoints} needs as many checkpoints, but save_total_limit keeps ${saveTotalLimit}: ` +
        `set it to ${averageCheckpoints} or leave it out`,
    )
  }
}

function invalid(message: string): MlError {
  return new MlError('ARGUMENTS_INVALID', message)
}
