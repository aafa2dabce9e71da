// The loss of an update as targets: smoothing, class weights, teacher and the mean are in them.
import { MlError } from '../errors.ts'
import type { MicroBatch } from '../training/trainable-model.ts'
import type { ClassWeights } from './arguments/argument-entry.ts'
import type { TrainingArguments } from './arguments/training-arguments.ts'
import type { TrainingExample } from './training-example.ts'

export interface LossOptions {
  readonly labels: number
  readonly smoothing: number
  /** One for each label; all 1 where there are none. */
  readonly classWeights: readonly number[]
  /** Null where no text has a teacher that counts. */
  readonly distillation: { readonly weight: number; readonly temperature: number } | null
}

/** Factors that the whole update has in common. */
interface Normalisation {
  /** Of the labels' part: 1 / Σ weights of the labels, times the share of texts that have one. */
  readonly hard: number
  /** Of the teacher's part: 1 / texts. */
  readonly soft: number
}

/** Targets of one micro-batch; `constant` completes the teacher's cross-entropy to the divergence that is reported. */
export interface LossTargets extends Pick<MicroBatch, 'targets' | 'soft'> {
  readonly constant: number
}

export function lossOptions(
  settings: TrainingArguments,
  examples: readonly TrainingExample[],
  labels: readonly string[],
): LossOptions {
  const isTaught = settings.distillationWeight > 0 && examples.some(({ soft }) => soft !== undefined)
  return {
    labels: labels.length,
    smoothing: settings.labelSmoothingFactor,
    classWeights: resolveClassWeights(settings.classWeights, examples, labels),
    distillation: isTaught
      ? { weight: settings.distillationWeight, temperature: settings.distillationTemperature }
      : null,
  }
}

/**
 * Weights in the order of the labels. `balanced` is n / (labels · count), as scikit-learn's `compute_class_weight`.
 * @throws MlError ARGUMENTS_INVALID where they don't fit the labels, or a label has no text to balance
 */
export function resolveClassWeights(
  weights: ClassWeights | null,
  examples: readonly TrainingExample[],
  labels: readonly string[],
): number[] {
  if (weights === null) return labels.map(() => 1)
  if (weights === 'balanced') return balanceClasses(examples, labels)
  const isList = Array.isArray(weights)
  const entries = Object.entries(weights)
  const known = isList ? entries.length === labels.length : entries.every(([label]) => labels.includes(label))
  if (!known || entries.length !== labels.length) {
    const names = entries.map(([name]) => name).join(', ')
    throw new MlError(
      'ARGUMENTS_INVALID',
      `class_weights: expected one for each of ${labels.join(', ')}, got ${isList ? `${entries.length} numbers` : names}`,
    )
  }
  const byName = weights as Readonly<Record<string, number>>
  return labels.map((label, index) => byName[isList ? index : label]!)
}

function balanceClasses(examples: readonly TrainingExample[], labels: readonly string[]): number[] {
  const counts = labels.map(() => 0)
  for (const { label } of examples) if (label >= 0) counts[label]! += 1
  const total = counts.reduce((sum, count) => sum + count, 0)
  return counts.map((count, index) => {
    if (count > 0) return total / (labels.length * count)
    throw new MlError('ARGUMENTS_INVALID', `class_weights balanced: no text has the label ${labels[index]}`)
  })
}

/**
 * Targets of each micro-batch of one update, such that the losses add up to the loss of the update as one batch. A
 * text's loss is (1 − w) · CE(label) + w · T² · KL(teacher at T ‖ student at T) (Hinton et al. 2015) where it has a
 * teacher, CE alone where not. CE with weights and smoothing is torch's `CrossEntropyLoss(weight, label_smoothing)`:
 * the mean is over the weights of the labels; without class weights that is the Trainer's `LabelSmoother`.
 */
export function makeLossTargets(parts: readonly (readonly TrainingExample[])[], options: LossOptions): LossTargets[] {
  const scale = normaliseUpdate(parts.flat(), options)
  return parts.map((part) => makePartTargets(part, scale, options))
}

function normaliseUpdate(examples: readonly TrainingExample[], { classWeights }: LossOptions): Normalisation {
  let weights = 0
  let labelled = 0
  for (const { label } of examples) {
    if (label < 0) continue
    weights += classWeights[label]!
    labelled++
  }
  return { hard: weights === 0 ? 0 : labelled / examples.length / weights, soft: 1 / examples.length }
}

function makePartTargets(
  examples: readonly TrainingExample[],
  scale: Normalisation,
  options: LossOptions,
): LossTargets {
  const { labels, distillation } = options
  const targets = new Float32Array(examples.length * labels)
  for (const [row, { label, soft }] of examples.entries()) {
    const share = distillation && soft ? 1 - distillation.weight : 1
    if (label >= 0) targets.set(hardTargets(label, share * scale.hard, options), row * labels)
  }
  if (!distillation) return { targets, constant: 0 }
  return { targets, ...makeSoftTargets(examples, scale.soft, labels, distillation) }
}

/** Of all texts, those without a teacher too: every part of a run has the same inputs. */
function makeSoftTargets(
  examples: readonly TrainingExample[],
  share: number,
  labels: number,
  { weight, temperature }: NonNullable<LossOptions['distillation']>,
): Required<Pick<LossTargets, 'soft' | 'constant'>> {
  const targets = new Float32Array(examples.length * labels)
  const scale = weight * temperature ** 2 * share
  let constant = 0
  for (const [row, { soft }] of examples.entries()) {
    for (const [index, probability] of temperProbabilities(soft ?? [], temperature).entries()) {
      targets[row * labels + index] = probability * scale
      if (probability > 0) constant += scale * probability * Math.log(probability)
    }
  }
  return { soft: { targets, temperature }, constant }
}

function hardTargets(label: number, scale: number, { labels, smoothing, classWeights }: LossOptions): number[] {
  return Array.from({ length: labels }, (_, index) => {
    const own = index === label ? (1 - smoothing) * classWeights[label]! : 0
    return scale * (own + (smoothing / labels) * classWeights[index]!)
  })
}

/** softmax(log p / T). */
function temperProbabilities(probabilities: readonly number[], temperature: number): number[] {
  const largest = Math.max(...probabilities)
  const powers = probabilities.map((probability) => (probability / largest) ** (1 / temperature))
  const sum = powers.reduce((total, power) => total + power, 0)
  return powers.map((power) => power / sum)
}
