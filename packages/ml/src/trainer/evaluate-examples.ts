// Scores a set of texts during training.
import { MlError } from '../errors.ts'
import { type Confusion, evaluate } from '../evaluate/index.ts'
import type { TrainableModel } from '../training/trainable-model.ts'
import { cutByTokens } from './cut-batches.ts'
import { type LossOptions, makeLossTargets } from './loss-targets.ts'
import { nextTurn } from './next-turn.ts'
import type { TrainingExample } from './training-example.ts'

export interface PredictOptions {
  /** Tokens that go through the model at once. */
  readonly budget: number
  readonly signal?: AbortSignal
  readonly onProgress?: (done: number) => void
}

export interface EvaluationFigures {
  readonly loss: number
  readonly accuracy: number
  readonly macroRecall: number
  readonly macroF1: number
  readonly confusion: Confusion
}

/**
 * Logits [labels] of each text, in the order given; texts of similar length go through together. Null: the signal was
 * given before the end.
 */
export async function predictExamples(
  model: TrainableModel,
  sequences: readonly Int32Array[],
  options: PredictOptions,
): Promise<Float32Array[] | null> {
  const lengths = sequences.map((ids) => ids.length)
  const order = lengths.map((_, index) => index).sort((a, b) => lengths[a]! - lengths[b]!)
  const logits = new Array<Float32Array>(sequences.length)
  let done = 0
  for (const batch of cutByTokens(order, lengths, options.budget)) {
    if (options.signal?.aborted) return null
    const rows = await model.predict(batch.map((index) => sequences[index]!))
    batch.forEach((index, place) => {
      logits[index] = rows[place]!
    })
    done += batch.length
    options.onProgress?.(done)
    await nextTurn()
  }
  return logits
}

/**
 * Figures of logits against the labels. The loss is that of training without dropout and without a teacher, over the
 * set as one batch: with label smoothing or class weights it isn't the plain cross-entropy, as in the Trainer.
 * @throws MlError TRAINING_DIVERGED on logits that aren't finite
 */
export function scoreLogits(
  logits: readonly Float32Array[],
  examples: readonly TrainingExample[],
  labels: readonly string[],
  loss: LossOptions,
): EvaluationFigures {
  const logProbabilities = logits.map((row, index) => logSoftmax(row, examples[index]!.row))
  const targets = makeLossTargets([examples], { ...loss, distillation: null })[0]!.targets
  const probabilities = logProbabilities.map((row) => row.map(Math.exp))
  const figures = evaluate(
    examples.map(({ label }) => label),
    probabilities,
    labels,
    { resamples: 1 },
  )
  return {
    loss: -logProbabilities.flat().reduce((sum, value, index) => sum + value * targets[index]!, 0),
    accuracy: figures.accuracy,
    macroRecall: figures.macroRecall,
    macroF1: figures.macroF1,
    confusion: figures.confusion,
  }
}

function logSoftmax(logits: Float32Array, row: number): number[] {
  const values = Array.from(logits)
  if (!values.every(Number.isFinite)) {
    throw new MlError(
      'TRAINING_DIVERGED',
      `The model's answer to row ${row} of the evaluation set isn't finite: [${values.join(', ')}]`,
    )
  }
  const top = Math.max(...values)
  const log = top + Math.log(values.reduce((sum, value) => sum + Math.exp(value - top), 0))
  return values.map((value) => value - log)
}
