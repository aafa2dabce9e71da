// One update: forward and backward over its parts, then one step of the optimizer.
import { cutMicroBatches } from './cut-batches.ts'
import { divergenceError } from './divergence.ts'
import { learningRateAt } from './learning-rate.ts'
import { makeLossTargets } from './loss-targets.ts'
import { nextTurn } from './next-turn.ts'
import type { Run } from './run.ts'
import type { RunState } from './run-state.ts'
import type { TrainingExample } from './training-example.ts'

export interface UpdateOutcome {
  readonly epoch: number
  readonly isEpochEnd: boolean
  readonly loss: number
  readonly gradNorm: number
  readonly learningRate: number
  readonly examples: number
  readonly tokens: number
  readonly slots: number
}

/**
 * Does the update after `step` others. Null: the signal was given between two parts; nothing of the update remains.
 * @throws MlError TRAINING_DIVERGED where loss or gradients aren't finite
 */
export async function runUpdate(run: Run, step: number): Promise<UpdateOutcome | null> {
  const { model, arguments: settings } = run.options
  const { steps } = run.plan
  const examples = selectExamples(run, step)
  const pass = await accumulate(run, step, examples)
  if (pass === null) return null
  const learningRate = learningRateAt(settings, step, steps.warmupSteps, steps.total)
  const { gradNorm } = model.update({ learningRate, maxGradNorm: settings.maxGradNorm })
  if (!Number.isFinite(gradNorm)) {
    const divergence = { what: 'gradient norm', value: gradNorm, step: step + 1, examples } as const
    throw divergenceError(model, { ...divergence, learningRate: settings.learningRate })
  }
  const tokens = examples.reduce((sum, { ids }) => sum + ids.length, 0)
  return { ...placeOf(run, step), ...pass, gradNorm, learningRate, examples: examples.length, tokens }
}

function selectExamples(run: Run, step: number): TrainingExample[] {
  const { updates, firstStep } = run.plan.epochOf(step)
  return updates[step - firstStep]!.map((index) => run.options.examples[index]!)
}

/** The epoch counts batches, as the Trainer's: the last, short update of an epoch ends it. */
export function placeOf(run: Run, step: number): Pick<UpdateOutcome, 'epoch' | 'isEpochEnd'> {
  const { index, firstStep, batches, updates } = run.plan.epochOf(step)
  const done = Math.min((step - firstStep + 1) * run.options.arguments.gradientAccumulationSteps, batches)
  const isEpochEnd = step - firstStep + 1 === updates.length || step + 1 === run.plan.steps.total
  return { epoch: index + done / batches, isEpochEnd }
}

async function accumulate(
  run: Run,
  step: number,
  examples: readonly TrainingExample[],
): Promise<{ loss: number; slots: number } | null> {
  const { model, signal, arguments: settings } = run.options
  const lengths = examples.map(({ ids }) => ids.length)
  const parts = cutMicroBatches(lengths, settings.microBatchTokens).map((places) => places.map((at) => examples[at]!))
  const targets = makeLossTargets(parts, run.loss)
  const total = { loss: 0, slots: 0 }
  for (const [micro, part] of parts.entries()) {
    if (signal?.aborted) {
      model.discardGradients()
      return null
    }
    const { constant, ...loss } = targets[micro]!
    const sequences = part.map(({ ids }) => ids)
    const result = await model.accumulate({ sequences, ...loss, dropout: { seed: settings.seed, step, micro } })
    if (!Number.isFinite(result.loss)) {
      model.discardGradients()
      const divergence = { what: 'loss', value: result.loss, step: step + 1, examples: part } as const
      throw divergenceError(model, { ...divergence, learningRate: settings.learningRate })
    }
    total.loss += result.loss + constant
    total.slots += result.slots
    await nextTurn()
  }
  return total
}

/** The state after an update, before its log row, evaluation and checkpoint. */
export function advanceState(state: RunState, update: UpdateOutcome): RunState {
  return {
    ...state,
    step: state.step + 1,
    epoch: update.epoch,
    lossTotal: state.lossTotal + update.loss,
    lossSinceLog: state.lossSinceLog + update.loss,
    gradNorm: update.gradNorm,
    learningRate: update.learningRate,
    isEpochEnd: update.isEpochEnd,
    isUpdatePending: true,
  }
}
