// Post-hoc logit adjustment: answers as if labels were less unequally frequent than in the training texts.
import { MlError } from '../errors.ts'
import type { Run } from './run.ts'
import type { TrainingExample } from './training-example.ts'

/**
 * What is added to each label's logit: −τ · log of the label's share of the texts that have one (Menon et al. 2021, "Long-tail
 * learning via logit adjustment", equation 9). Null where τ is 0.
 * @throws MlError ARGUMENTS_INVALID where a label has no text
 */
export function logitOffsets(
  tau: number,
  examples: readonly TrainingExample[],
  labels: readonly string[],
): readonly number[] | null {
  if (tau === 0) return null
  const counts = labels.map(() => 0)
  for (const { label } of examples) if (label >= 0) counts[label]! += 1
  const total = counts.reduce((sum, count) => sum + count, 0)
  return counts.map((count, index) => {
    if (count > 0) return -tau * Math.log(count / total)
    throw new MlError('ARGUMENTS_INVALID', `logit_adjustment: no text has the label ${labels[index]}`)
  })
}

/** Puts the adjustment into the weights in force; false where there is none. */
export function adjustLogits({ options }: Run): boolean {
  const { arguments: settings, examples, labels, model } = options
  const offsets = logitOffsets(settings.logitAdjustment, examples, labels)
  if (offsets === null) return false
  model.shiftLogits(offsets)
  return true
}
