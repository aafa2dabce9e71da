// One micro-batch through forward and backward: gradients end up in the store.
import { type InferenceSession, Tensor } from 'onnxruntime-node'
import type { DropoutKind, EncoderConfig } from '../encoders/index.ts'
import type { ParameterStore, Scratch } from '../optimizer/index.ts'
import { countElements, gatheredIds, type PackedBatch, packBatch, packedFeeds, sizesOf } from './feeds.ts'
import { openSession, parameterFeeds, prepareTables } from './sessions.ts'
import type { BatchResult, DropoutKey, MicroBatch } from './trainable-model.ts'
import { buildTrainingGraph, gradientName, LOSS, type RowsGradient, type TrainingGraph } from './training-graph.ts'

export interface StepRunnerOptions {
  readonly config: EncoderConfig
  readonly store: ParameterStore
  readonly scratch: Scratch
  readonly trained: ReadonlySet<string>
  readonly threads: number
  /** Whether masks are fed, and the second term of the loss. */
  readonly variant: { readonly dropout: boolean; readonly soft: boolean }
}

export interface StepRunner {
  /** `isFirst`: no gradients of this update lie in the store yet. */
  run(batch: MicroBatch, isFirst: boolean): Promise<BatchResult>
  release(): Promise<void>
}

export async function createStepRunner(options: StepRunnerOptions): Promise<StepRunner> {
  const { config, trained, variant } = options
  const probabilities = variant.dropout ? dropoutProbabilities(config) : new Map<DropoutKind, number>()
  const step = buildTrainingGraph(config, { trained, dropout: new Set(probabilities.keys()), soft: variant.soft })
  const session = await openSession(step.graph, options.threads)
  return new Runner(options, step, session, probabilities)
}

function dropoutProbabilities(config: EncoderConfig): Map<DropoutKind, number> {
  const all = [
    ['hidden', config.hiddenDropoutProb],
    ['attention', config.attentionProbsDropoutProb],
    ['classifier', config.classifierDropout],
  ] as const
  return new Map(all.filter(([, probability]) => probability > 0))
}

class Runner implements StepRunner {
  readonly #options: StepRunnerOptions
  readonly #step: TrainingGraph
  readonly #session: InferenceSession
  readonly #probabilities: ReadonlyMap<DropoutKind, number>
  readonly #weights: Readonly<Record<string, Tensor>>
  /** Outputs that onnxruntime writes into the store's gradients. */
  readonly #gradients: Readonly<Record<string, Tensor>>

  constructor(
    options: StepRunnerOptions,
    step: TrainingGraph,
    session: InferenceSession,
    probabilities: ReadonlyMap<DropoutKind, number>,
  ) {
    this.#options = options
    this.#step = step
    this.#session = session
    this.#probabilities = probabilities
    const { store } = options
    this.#weights = parameterFeeds(store, step.parameters)
    this.#gradients = Object.fromEntries(
      step.dense.map((name) => {
        const { shape } = store.parameters.get(name)!.spec
        return [gradientName(name), new Tensor('float32', store.gradients(name), shape)]
      }),
    )
  }

  async run(batch: MicroBatch, isFirst: boolean): Promise<BatchResult> {
    const packed = packBatch(this.#options.config, batch.sequences)
    prepareTables(this.#options.store, this.#step.gathered, packed)
    const rows = this.#rowGradients(packed)
    const fetches = { [LOSS]: null, ...rows, ...(isFirst ? this.#gradients : namesOnly(this.#gradients)) }
    const results = await this.#session.run(this.#feeds(batch, packed), fetches)
    if (!isFirst) {
      for (const name of this.#step.dense) {
        this.#options.store.addToGradients(name, results[gradientName(name)]!.data as Float32Array)
      }
    }
    for (const each of this.#step.sparse) this.#addRows(each, rows[each.output]!.data as Float32Array, packed)
    return { loss: (results[LOSS]!.data as Float32Array)[0]!, slots: packed.plan.rows * packed.plan.length }
  }

  release(): Promise<void> {
    return this.#session.release()
  }

  #feeds(batch: MicroBatch, packed: PackedBatch): Record<string, Tensor> {
    const targets = [packed.texts, this.#options.config.labels.length]
    const { soft } = batch
    return {
      ...this.#weights,
      ...packedFeeds(packed),
      ...this.#masks(batch.dropout, packed),
      targets: new Tensor('float32', batch.targets, targets),
      ...(soft
        ? {
            soft_targets: new Tensor('float32', soft.targets, targets),
            inverse_temperature: new Tensor('float32', Float32Array.of(1 / soft.temperature), []),
          }
        : {}),
    }
  }

  #masks(key: DropoutKey | null, packed: PackedBatch): Record<string, Tensor> {
    if (!key) return {}
    return Object.fromEntries(
      this.#step.masks.map(({ name, kind, shape }, site) => {
        const sizes = sizesOf(shape, packed)
        const probability = this.#probabilities.get(kind)!
        const mask = this.#options.scratch.dropoutMask(name, countElements(sizes), probability, { ...key, site })
        return [name, new Tensor('float32', mask, sizes)]
      }),
    )
  }

  #rowGradients(packed: PackedBatch): Record<string, Tensor> {
    return Object.fromEntries(
      this.#step.sparse.map(({ output, shape }) => {
        const sizes = sizesOf(shape, packed)
        return [output, new Tensor('float32', this.#options.scratch.floats(output, countElements(sizes)), sizes)]
      }),
    )
  }

  #addRows({ of }: RowsGradient, gradient: Float32Array, packed: PackedBatch): void {
    for (const { table, ids } of of) this.#options.store.addRows(table, gatheredIds(ids, packed), gradient)
  }
}

function namesOnly(fetches: Readonly<Record<string, Tensor>>): Record<string, null> {
  return Object.fromEntries(Object.keys(fetches).map((name) => [name, null]))
}
