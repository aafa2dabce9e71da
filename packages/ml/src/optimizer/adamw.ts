// AdamW (Loshchilov & Hutter 2019) over a parameter store, with PyTorch's update.
import { loadOptimizer, saveOptimizer } from './optimizer-file.ts'
import type { ParameterStore } from './parameter-store.ts'
import { type StoredParameter, trainedArrays } from './stored-parameter.ts'
import { catchUp } from './table.ts'
import { clearPending, noteFactor, type TableRows } from './table-rows.ts'

export interface ParameterGroup {
  readonly names: readonly string[]
  /** Times the step's learning rate; 1 unless given. */
  readonly learningRateScale?: number
  readonly weightDecay: number
}

export interface AdamWOptions {
  readonly betas: readonly [number, number]
  readonly epsilon: number
  /** Every trained parameter of the store, each in one group. */
  readonly groups: readonly ParameterGroup[]
}

export interface StepOptions {
  readonly learningRate: number
  /** 0: gradients are not clipped. */
  readonly maxGradNorm: number
}

export interface AdamW {
  /**
   * Clips, updates and sets the gradients to zero. A table without gradients since the last step is skipped, as
   * PyTorch skips a parameter whose gradient is None; dense parameters always have one, which may be zero. Returns the
   * norm before clipping; where it isn't finite, weights and moments stay as they are.
   */
  step(options: StepOptions): { readonly gradNorm: number }
  /**
   * Writes moments and counts of steps as safetensors; they go with the weights that `readValues` gives at this step.
   */
  save(path: string): Promise<void>
  /**
   * Continues from what `save` wrote; gradients are set to zero. Put the weights of the same step into the store by
   * `writeValues`. Throws MlError CHECKPOINT_INVALID before anything is changed where the file doesn't fit the store.
   */
  load(path: string): Promise<void>
}

interface Trained {
  readonly stored: StoredParameter
  readonly learningRateScale: number
  readonly weightDecay: number
}

/** The scalars of one parameter's update. */
interface Update {
  readonly clip: number
  readonly decay: number
  readonly minusStepSize: number
  readonly correction: number
}

/**
 * Each parameter counts its own steps. A beta1 of 0.5 or less gives PyTorch's numbers to a last bit only, since its
 * `lerp` is another formula there. Throws a plain Error where the groups aren't the store's trained parameters, each
 * once.
 */
export function createAdamW(store: ParameterStore, options: AdamWOptions): AdamW {
  const trained = assignGroups(store, options.groups)
  const steps = new Map(trained.map(({ stored }) => [stored.spec.name, 0]))
  return {
    step({ learningRate, maxGradNorm }) {
      if (!(learningRate >= 0 && learningRate < Infinity)) {
        throw new RangeError(`Learning rate: expected a number of at least 0, got ${learningRate}`)
      }
      const gradNorm = Math.sqrt(trained.reduce((sum, { stored }) => sum + sumOfSquares(stored), 0))
      if (!Number.isFinite(gradNorm)) {
        store.discardGradients()
        return { gradNorm }
      }
      const clip = clipCoefficient(gradNorm, maxGradNorm)
      for (const each of trained) {
        if (each.stored.rows?.pending.length === 0) continue
        const { name } = each.stored.spec
        const step = (steps.get(name) ?? 0) + 1
        steps.set(name, step)
        updateParameter(each.stored, options, planUpdate(each, options.betas, learningRate, step, clip))
      }
      return { gradNorm }
    },
    save: (path) => saveOptimizer(path, store, steps),
    load: (path) => loadOptimizer(path, store, steps),
  }
}

function assignGroups(store: ParameterStore, groups: readonly ParameterGroup[]): Trained[] {
  const byName = new Map<string, ParameterGroup>()
  for (const group of groups) {
    for (const name of group.names) {
      const stored = store.parameters.get(name)
      if (!stored || stored.spec.kind === 'frozen') throw new Error(`Groups: ${name} is not a trained parameter`)
      if (byName.has(name)) throw new Error(`Groups: expected each parameter once, got ${name} twice`)
      byName.set(name, group)
    }
  }
  return [...store.parameters.values()]
    .filter(({ spec }) => spec.kind !== 'frozen')
    .map((stored) => {
      const group = byName.get(stored.spec.name)
      if (!group) throw new Error(`Groups: expected all trained parameters, ${stored.spec.name} is missing`)
      return { stored, learningRateScale: group.learningRateScale ?? 1, weightDecay: group.weightDecay }
    })
}

function sumOfSquares(stored: StoredParameter): number {
  const { unit, at, rows } = stored
  return unit.kernels.sumOfSquares(trainedArrays(stored).gradients, rows ? rows.pending.length * rows.width : at.length)
}

/** torch/nn/utils/clip_grad.py: the coefficient multiplies always, at most by 1. */
function clipCoefficient(gradNorm: number, maxGradNorm: number): number {
  return maxGradNorm > 0 ? Math.min(maxGradNorm / (gradNorm + 1e-6), 1) : 1
}

function planUpdate(
  { learningRateScale, weightDecay }: Trained,
  [beta1, beta2]: readonly [number, number],
  baseRate: number,
  step: number,
  clip: number,
): Update {
  const learningRate = baseRate * learningRateScale
  return {
    clip,
    decay: Math.fround(1 - learningRate * weightDecay),
    minusStepSize: -learningRate / (1 - beta1 ** step),
    correction: Math.sqrt(1 - beta2 ** step),
  }
}

function updateParameter(stored: StoredParameter, options: AdamWOptions, update: Update): void {
  const { gradients } = trainedArrays(stored)
  if (stored.rows) updateTable(stored, stored.rows, options, update)
  else updateRange(stored, { start: 0, count: stored.at.length, gradients }, options, update)
}

function updateTable(stored: StoredParameter, rows: TableRows, options: AdamWOptions, update: Update): void {
  const { gradients } = trainedArrays(stored)
  const { width, pending, slots, touched } = rows
  catchUp(stored, pending)
  for (const row of pending) touched[row] = 1
  noteFactor(rows, update.decay)
  for (let row = 0; row < rows.count; row++) {
    if (touched[row] !== 1) continue
    // Behind the gradients of this step all are zero, as is the gradient of a row that isn't in it.
    const slot = slots[row] === -1 ? pending.length : slots[row]!
    updateRange(stored, { start: row * width, count: width, gradients: gradients + slot * width * 4 }, options, update)
  }
  clearPending(rows)
}

/** Elements of a parameter, and the byte at which their gradients start. */
interface Range {
  readonly start: number
  readonly count: number
  readonly gradients: number
}

function updateRange(
  stored: StoredParameter,
  { start, count, gradients }: Range,
  { betas, epsilon }: AdamWOptions,
  { clip, decay, minusStepSize, correction }: Update,
): void {
  const { means, squares } = trainedArrays(stored)
  stored.unit.kernels.adamw(
    stored.at.values + start * 4,
    gradients,
    means + start * 4,
    squares + start * 4,
    count,
    clip,
    decay,
    1 - betas[0],
    betas[1],
    1 - betas[1],
    minusStepSize,
    correction,
    epsilon,
  )
}
