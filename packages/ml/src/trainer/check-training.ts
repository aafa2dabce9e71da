// Refuses data that can't be trained on.
import { MlError } from '../errors.ts'
import { logitOffsets } from './adjust-logits.ts'
import type { TrainOptions } from './train-options.ts'
import type { TrainingExample } from './training-example.ts'

/** @throws MlError TRAINING_INVALID with the row, ARGUMENTS_INVALID where evaluation is asked for without a set, or frequencies of labels that no text has */
export function checkTraining(options: Pick<TrainOptions, 'examples' | 'evaluation' | 'labels' | 'arguments'>): void {
  const { examples, evaluation, labels } = options
  if (labels.length < 2) throw invalid(`expected at least two labels, got ${labels.length}`)
  if (examples.length === 0) throw invalid('there is no text to train on')
  const set = 'the training set'
  for (const example of examples) checkExample(example, labels.length, set)
  logitOffsets(options.arguments.logitAdjustment, examples, labels)
  if (evaluation?.length === 0) throw invalid('the evaluation set is empty')
  for (const example of evaluation ?? []) {
    checkExample(example, labels.length, 'the evaluation set')
    if (example.label < 0) throw invalid(`row ${example.row} of the evaluation set has no label`)
  }
}

function checkExample({ ids, label, soft, row }: TrainingExample, labels: number, set: string): void {
  if (ids.length === 0) throw invalid(`row ${row} of ${set} has no tokens`)
  if (!Number.isInteger(label) || label < -1 || label >= labels) {
    throw invalid(`row ${row} of ${set}: expected a label from 0 to ${labels - 1}, got ${label}`)
  }
  if (label === -1 && soft === undefined) throw invalid(`row ${row} of ${set} has neither a label nor a teacher`)
  if (soft === undefined) return
  const sum = soft.reduce((total, value) => total + value, 0)
  if (soft.length !== labels || !soft.every((value) => value >= 0) || !(Math.abs(sum - 1) < 1e-3)) {
    throw invalid(`row ${row} of ${set}: expected ${labels} probabilities of the teacher, got [${soft.join(', ')}]`)
  }
}

function invalid(reason: string): MlError {
  return new MlError('TRAINING_INVALID', `Cannot train: ${reason}`)
}
