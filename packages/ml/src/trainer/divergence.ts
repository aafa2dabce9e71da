// What is said when a run's numbers are no longer finite.
import { MlError } from '../errors.ts'
import type { TrainableModel } from '../training/trainable-model.ts'
import type { TrainingExample } from './training-example.ts'

/** Rates above this are rarely meant for a transformer. */
const HIGH_LEARNING_RATE = 1e-3
/** Rows that a message names. */
const MOST_ROWS = 32

export interface Divergence {
  readonly what: 'loss' | 'gradient norm'
  readonly value: number
  /** The update's number, from 1. */
  readonly step: number
  readonly examples: readonly TrainingExample[]
  /** The highest rate of the run. */
  readonly learningRate: number
}

/** The error with step, rows and likely cause; looks through the weights for one that isn't finite. */
export function divergenceError(
  model: TrainableModel,
  { what, value, step, examples, learningRate }: Divergence,
): MlError {
  const rows = examples.slice(0, MOST_ROWS).map(({ row }) => row)
  const more = examples.length > MOST_ROWS ? ` and ${examples.length - MOST_ROWS} more` : ''
  // The update that had no finite norm has already spoilt the weights: they say nothing of the cause.
  const broken = what === 'loss' ? findBrokenParameter(model) : undefined
  const cause = likelyCause(broken, step, learningRate)
  return new MlError(
    'TRAINING_DIVERGED',
    `The ${what} of update ${step} is ${value} (rows ${rows.join(', ')}${more}). ${cause} Nothing of this update was saved.`,
  )
}

function findBrokenParameter(model: TrainableModel): string | undefined {
  return model.parameters.find(({ name }) => !model.readWeights(name).every(Number.isFinite))?.name
}

function likelyCause(broken: string | undefined, step: number, learningRate: number): string {
  if (broken && step === 1) return `The base's weights are damaged: ${broken} holds values that aren't finite.`
  if (learningRate > HIGH_LEARNING_RATE) {
    return `The learning rate ${learningRate} is probably too high: 1e-5 to 1e-4 is usual.`
  }
  if (broken) return `An earlier update made ${broken} infinite: a lower learning rate or a longer warm-up may help.`
  return 'A lower learning rate, a longer warm-up or max_grad_norm 1 may help.'
}
