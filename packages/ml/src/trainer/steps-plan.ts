// How many updates a run has, and which texts each of them takes.
import { MlError } from '../errors.ts'
import type { TrainingArguments } from './arguments/training-arguments.ts'
import { cutUpdates } from './cut-batches.ts'
import { orderEpoch } from './epoch-order.ts'
import { countWarmupSteps } from './learning-rate.ts'

export interface StepsPlan {
  readonly examples: number
  /** Real tokens of all texts. */
  readonly tokens: number
  /** Batches and updates of the first epoch; batches cut by tokens may make a few more or fewer in others. */
  readonly batchesPerEpoch: number
  readonly updatesPerEpoch: number
  /** Updates of the run. */
  readonly total: number
  /** Epochs that the run begins. */
  readonly epochs: number
  readonly warmupSteps: number
  /** Updates between log rows, evaluations, checkpoints; null where the strategy doesn't count updates. */
  readonly loggingSteps: number | null
  readonly evalSteps: number | null
  readonly saveSteps: number | null
}

/** One epoch: the update after which it begins, its batches, and the text indices of each update. */
export interface Epoch {
  readonly index: number
  readonly firstStep: number
  readonly batches: number
  readonly updates: readonly (readonly number[])[]
}

export interface RunPlan {
  readonly steps: StepsPlan
  /** The epoch of the update after `step` others. Made again when asked for, the one asked last is kept. */
  epochOf(step: number): Epoch
}

/**
 * Plans a run over texts of these lengths: ceil(epochs · updates of an epoch), unless max_steps says otherwise.
 * @throws MlError ARGUMENTS_INVALID where no batch is left, or shares of the run don't fit together
 */
export function planRun(settings: TrainingArguments, lengths: readonly number[]): RunPlan {
  const first = makeEpoch(settings, lengths, 0, 0)
  const starts = settings.maxTokensPerBatch === null ? evenStarts(first.updates.length) : cutStarts(settings, lengths)
  if (first.updates.length === 0) {
    throw new MlError(
      'ARGUMENTS_INVALID',
      `dataloader_drop_last leaves no batch: expected at least ${settings.perDeviceTrainBatchSize} texts, got ${lengths.length}`,
    )
  }
  const total = countUpdates(settings, starts)
  let current = first
  return {
    steps: {
      examples: lengths.length,
      tokens: lengths.reduce((sum, length) => sum + length, 0),
      batchesPerEpoch: first.batches,
      updatesPerEpoch: first.updates.length,
      total,
      epochs: starts.epochOf(total - 1) + 1,
      warmupSteps: countWarmupSteps(settings, total),
      ...planIntervals(settings, total),
    },
    epochOf: (step) => {
      const index = starts.epochOf(step)
      if (current.index !== index) current = makeEpoch(settings, lengths, index, starts.firstStep(index))
      return current
    },
  }
}

/** Where epochs begin. */
interface EpochStarts {
  /** Updates before the epoch. */
  firstStep(epoch: number): number
  /** Epoch of the update after `step` others. */
  epochOf(step: number): number
}

function evenStarts(updates: number): EpochStarts {
  return { firstStep: (epoch) => epoch * updates, epochOf: (step) => Math.floor(step / updates) }
}

/**
 * Batches cut by tokens are counted epoch by epoch, as far as they are asked for: another order makes another number.
 */
function cutStarts(settings: TrainingArguments, lengths: readonly number[]): EpochStarts {
  const starts = [0]
  const addEpoch = () => {
    starts.push(starts.at(-1)! + makeEpoch(settings, lengths, starts.length - 1, 0).updates.length)
  }
  return {
    firstStep: (epoch) => {
      while (starts.length <= epoch) addEpoch()
      return starts[epoch]!
    },
    epochOf: (step) => {
      while (starts.at(-1)! <= step) addEpoch()
      return starts.findLastIndex((start) => start <= step)
    },
  }
}

function makeEpoch(settings: TrainingArguments, lengths: readonly number[], index: number, firstStep: number): Epoch {
  const seed = settings.dataSeed ?? settings.seed
  const grouping = countGrouping(settings, lengths)
  const order = orderEpoch(settings.trainSamplingStrategy, lengths, { seed, epoch: index, grouping })
  return { index, firstStep, ...cutUpdates(order, lengths, settings) }
}

/** Texts of an update; about as many where batches are cut by tokens. */
function countGrouping(settings: TrainingArguments, lengths: readonly number[]): number {
  const { maxTokensPerBatch, gradientAccumulationSteps, perDeviceTrainBatchSize } = settings
  if (maxTokensPerBatch === null) return perDeviceTrainBatchSize * gradientAccumulationSteps
  const mean = lengths.reduce((sum, length) => sum + length, 0) / lengths.length
  return Math.max(1, Math.floor(maxTokensPerBatch / mean)) * gradientAccumulationSteps
}

/** ceil(epochs · updates of an epoch); where epochs differ, all whole ones and the share of the last. */
function countUpdates({ maxSteps, numTrainEpochs, maxTokensPerBatch }: TrainingArguments, starts: EpochStarts): number {
  if (maxSteps > 0) return maxSteps
  if (maxTokensPerBatch === null) return Math.ceil(numTrainEpochs * starts.firstStep(1))
  const whole = Math.floor(numTrainEpochs)
  const begun = starts.firstStep(whole)
  const share = numTrainEpochs - whole
  return share === 0 ? begun : begun + Math.ceil(share * (starts.firstStep(whole + 1) - begun))
}

function planIntervals(
  settings: TrainingArguments,
  total: number,
): Pick<StepsPlan, 'loggingSteps' | 'evalSteps' | 'saveSteps'> {
  const count = (steps: number | null) => (steps !== null && steps < 1 ? Math.ceil(total * steps) : steps)
  const evalSteps = settings.evalStrategy === 'steps' ? count(settings.evalSteps) : null
  const saveSteps = settings.saveStrategy === 'steps' ? count(settings.saveSteps) : null
  if (settings.loadBestModelAtEnd && evalSteps && saveSteps && saveSteps % evalSteps !== 0) {
    throw new MlError(
      'ARGUMENTS_INVALID',
      `load_best_model_at_end needs save_steps to be a multiple of eval_steps; of ${total} updates the shares ` +
        `${settings.saveSteps} and ${settings.evalSteps} are ${saveSteps} and ${evalSteps}: set both to the same share`,
    )
  }
  return {
    loggingSteps: settings.loggingStrategy === 'steps' ? count(settings.loggingSteps) : null,
    evalSteps,
    saveSteps,
  }
}
