// A dry run: what a training will take, before it is started.
import type { TrainableModel } from '../training/trainable-model.ts'
import { checkEvaluationSet } from './arguments/check-arguments.ts'
import { checkTraining } from './check-training.ts'
import { dueActions } from './due-actions.ts'
import { predictExamples } from './evaluate-examples.ts'
import { createRun, type Run } from './run.ts'
import { placeOf, runUpdate } from './run-update.ts'
import { planRun, type StepsPlan } from './steps-plan.ts'
import type { TrainOptions } from './train-options.ts'

export interface TrainingEstimate {
  readonly steps: StepsPlan
  readonly longestText: number
  /** Tokens of the whole run, evaluations left out. */
  readonly tokens: number
  readonly evaluations: number
  readonly parameters: { readonly all: number; readonly trained: number }
  /** Bytes: weights, gradients and moments, and what a micro-batch of the largest size keeps for its gradients. */
  readonly memory: { readonly weights: number; readonly activations: number }
  readonly measured: MeasuredSpeed
  /** Seconds of the updates and of the evaluations, from the measured speed. */
  readonly trainSeconds: number
  readonly evaluationSeconds: number
}

export interface MeasuredSpeed {
  /** Updates that were timed, after one that wasn't. */
  readonly updates: number
  readonly tokensPerSecond: number
  /** Without gradients; 0 where there is nothing to evaluate. */
  readonly evaluationTokensPerSecond: number
}

export type PlanTrainingOptions = Omit<TrainOptions, 'output' | 'onEvent'> & {
  /** How many updates are timed; 3 unless given. */
  readonly measuredUpdates?: number
}

/**
 * Plans the run and times a few of its updates, spread over the first epoch. The model isn't fit for training
 * afterwards: its moments have moved. Writes nothing.
 * @throws MlError ARGUMENTS_INVALID, TRAINING_INVALID, TRAINING_DIVERGED, and the reason of the signal
 */
export async function planTraining(options: PlanTrainingOptions): Promise<TrainingEstimate> {
  checkEvaluationSet(options.arguments, options.evaluation !== undefined)
  checkTraining(options)
  const lengths = options.examples.map(({ ids }) => ids.length)
  const plan = planRun(options.arguments, lengths)
  const run = createRun({ ...options, output: '' }, plan)
  const measured = await measureSpeed(run, options.measuredUpdates ?? 3)
  options.signal?.throwIfAborted()
  const tokens = Math.round((plan.steps.tokens * plan.steps.total) / plan.steps.updatesPerEpoch)
  const evaluations = countEvaluations(run)
  const evaluated = evaluations * sumOfLengths(options.evaluation ?? [])
  const { evaluationTokensPerSecond: evaluationSpeed } = measured
  return {
    steps: plan.steps,
    longestText: lengths.reduce((longest, length) => Math.max(longest, length), 0),
    tokens,
    evaluations,
    parameters: countParameters(options.model),
    memory: estimateMemory(options.model, Math.min(options.arguments.microBatchTokens, plan.steps.tokens)),
    measured,
    trainSeconds: tokens / measured.tokensPerSecond,
    evaluationSeconds: evaluationSpeed > 0 ? evaluated / evaluationSpeed : 0,
  }
}

async function measureSpeed(run: Run, updates: number): Promise<MeasuredSpeed> {
  const { updates: available } = run.plan.epochOf(0)
  const count = Math.min(updates, available.length, run.plan.steps.total)
  // Sessions are made and memory is taken in the first update.
  await runUpdate(run, 0)
  const started = run.now()
  let tokens = 0
  let done = 0
  for (; done < count && !run.options.signal?.aborted; done++) {
    const step = Math.floor((done * Math.min(available.length, run.plan.steps.total)) / count)
    tokens += (await runUpdate(run, step))?.tokens ?? 0
  }
  const tokensPerSecond = tokens / Math.max((run.now() - started) / 1000, 1e-9)
  return { updates: done, tokensPerSecond, evaluationTokensPerSecond: await measureEvaluation(run) }
}

async function measureEvaluation(run: Run): Promise<number> {
  const { model, evaluation, arguments: settings } = run.options
  if (!evaluation) return 0
  const sample = takeTokens(evaluation, 4 * settings.microBatchTokens)
  const predict = () => predictExamples(model, sample, { budget: settings.microBatchTokens })
  await model.predict(sample.slice(0, 1))
  const started = run.now()
  await predict()
  const tokens = sample.reduce((sum, ids) => sum + ids.length, 0)
  return tokens / Math.max((run.now() - started) / 1000, 1e-9)
}

/** Texts from the beginning until so many tokens are reached. */
function takeTokens(examples: readonly { readonly ids: Int32Array }[], budget: number): Int32Array[] {
  let used = 0
  return examples
    .map(({ ids }) => ids)
    .filter((ids) => {
      const isTaken = used < budget
      used += ids.length
      return isTaken
    })
}

function countEvaluations(run: Run): number {
  const { arguments: settings } = run.options
  const { steps } = run.plan
  let count = settings.evalOnStart ? 1 : 0
  if (settings.evalStrategy === 'no') return count
  for (let step = 0; step < steps.total; step++) {
    const place = { step: step + 1, ...placeOf(run, step) }
    if (dueActions(settings, steps, place).evaluate) count++
  }
  return count
}

function sumOfLengths(examples: readonly { readonly ids: Int32Array }[]): number {
  return examples.reduce((sum, { ids }) => sum + ids.length, 0)
}

function countParameters(model: TrainableModel): { all: number; trained: number } {
  const sizes = model.parameters.map(({ name, shape }) => ({ name, size: shape.reduce((a, b) => a * b, 1) }))
  const trained = sizes.filter(({ name }) => model.trained.has(name))
  return { all: sumOfSizes(sizes), trained: sumOfSizes(trained) }
}

function sumOfSizes(entries: readonly { readonly size: number }[]): number {
  return entries.reduce((sum, { size }) => sum + size, 0)
}

/** Row length that the attention's share is estimated with. */
const USUAL_ROW = 64

/**
 * What a step holds at its peak over what backward needs of it: its own results and gradients on the way. As measured with
 * two and six layers of 32 and 384 values, in parts of 512 to 4,096 tokens; with it the estimate was 9 to 22 % above what
 * the process took, since rows of the embeddings that no text had were not touched yet.
 */
const PEAK_OVER_KEPT = 2.3

/**
 * Weights once, and for trained ones a gradient and two moments. Of the activations, what backward needs of each layer:
 * about ten vectors of the hidden size, two of the intermediate size, and the attention probabilities before and after
 * dropout.
 */
function estimateMemory(model: TrainableModel, tokens: number): TrainingEstimate['memory'] {
  const { all, trained } = countParameters(model)
  const { hiddenSize, intermediateSize, numAttentionHeads, numHiddenLayers } = model.config
  const perToken = 10 * hiddenSize + 2 * intermediateSize + 2 * numAttentionHeads * USUAL_ROW
  return {
    weights: 4 * (all + 3 * trained),
    activations: Math.round(PEAK_OVER_KEPT * 4 * tokens * numHiddenLayers * perToken),
  }
}
