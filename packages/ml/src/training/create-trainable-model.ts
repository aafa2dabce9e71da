// A model folder as something to train: weights in the store, steps in onnxruntime, updates by AdamW.
import type { InferenceSession } from 'onnxruntime-node'
import { classifierParameters, type EncoderConfig, logitBias } from '../encoders/index.ts'
import { MlError } from '../errors.ts'
import {
  type AdamW,
  createAdamW,
  createParameterStore,
  createScratch,
  decayGroups,
  type ParameterGroup,
  type ParameterStore,
  type Scratch,
} from '../optimizer/index.ts'
import { openSafetensors, requireWeights, writeSafetensors } from '../weights/index.ts'
import { type ClassifierConfig, readClassifierConfig } from './base-config.ts'
import { packBatch, packedFeeds } from './feeds.ts'
import { loadBase } from './load-base.ts'
import { rateMultipliers, trainedParameters } from './parameter-groups.ts'
import { openSession, parameterFeeds, prepareTables } from './sessions.ts'
import { createStepRunner, type StepRunner } from './step-runner.ts'
import type {
  BatchResult,
  MicroBatch,
  OptimizerOptions,
  TrainableModel,
  TrainableModelOptions,
  TrainableParameter,
  UpdateOptions,
} from './trainable-model.ts'
import { buildForwardGraph } from './training-graph.ts'
import type { GatheredRows } from './training-layers.ts'

/** Every combination of weight decay and learning rate that occurs is a group. */
function planGroups(
  config: EncoderConfig,
  trained: ReadonlySet<string>,
  { weightDecay, layerwiseDecay }: OptimizerOptions,
): ParameterGroup[] {
  const decayed = new Set(decayGroups(trained).decayed)
  const rates = rateMultipliers(config, layerwiseDecay)
  return [...trained].map((name) => ({
    names: [name],
    weightDecay: decayed.has(name) ? weightDecay : 0,
    learningRateScale: rates.get(name)!,
  }))
}

function createStore(config: EncoderConfig, trained: ReadonlySet<string>): ParameterStore {
  return createParameterStore(
    classifierParameters(config).map(({ name, shape, role }) => ({
      name,
      shape,
      kind: trained.has(name) ? (role === 'embedding' ? 'table' : 'dense') : 'frozen',
    })),
  )
}

/**
 * Opens the base for training: any BERT or RoBERTa folder with safetensors or pickled weights. Holds weights, gradients and
 * moments, and nothing else twice; sessions are made when they are first needed.
 * @throws MlError TRAINING_INVALID, and CONFIG_INVALID, WEIGHTS_MISSING, … as the folder's parts have it
 */
export async function createTrainableModel(folder: string, options: TrainableModelOptions): Promise<TrainableModel> {
  const classifier = await readClassifierConfig(folder, options.labels, options.dropout)
  const trained = trainedParameters(classifier.config, options.freeze)
  const store = createStore(classifier.config, trained)
  const newParameters = await loadBase(folder, classifier, store, options.seed)
  const { betas, epsilon } = options.optimizer
  const adamW = createAdamW(store, {
    betas,
    epsilon,
    groups: planGroups(classifier.config, trained, options.optimizer),
  })
  return new Model(classifier, trained, newParameters, store, adamW, options.threads)
}

class Model implements TrainableModel {
  readonly config: EncoderConfig
  readonly configJson: Readonly<Record<string, unknown>>
  readonly parameters: readonly TrainableParameter[]
  readonly trained: ReadonlySet<string>
  readonly newParameters: readonly string[]
  readonly #store: ParameterStore
  readonly #adamW: AdamW
  readonly #threads: number
  readonly #scratch: Scratch = createScratch()
  readonly #runners = new Map<string, StepRunner>()
  #forward: { readonly session: InferenceSession; readonly gathered: readonly GatheredRows[] } | undefined
  #hasGradients = false

  constructor(
    { config, json }: ClassifierConfig,
    trained: ReadonlySet<string>,
    newParameters: readonly string[],
    store: ParameterStore,
    adamW: AdamW,
    threads: number,
  ) {
    this.config = config
    this.configJson = json
    this.parameters = classifierParameters(config).map(({ name, shape }) => ({ name, shape }))
    this.trained = trained
    this.newParameters = newParameters
    this.#store = store
    this.#adamW = adamW
    this.#threads = threads
  }

  async accumulate(batch: MicroBatch): Promise<BatchResult> {
    this.#checkBatch(batch)
    const runner = await this.#runner({ dropout: batch.dropout !== null, soft: batch.soft !== undefined })
    const result = await runner.run(batch, !this.#hasGradients)
    this.#hasGradients = true
    return result
  }

  update(options: UpdateOptions): { readonly gradNorm: number } {
    this.#hasGradients = false
    return this.#adamW.step(options)
  }

  discardGradients(): void {
    this.#hasGradients = false
    this.#store.discardGradients()
  }

  async predict(sequences: readonly Int32Array[]): Promise<Float32Array[]> {
    const { session, gathered } = await this.#openForward()
    const batch = packBatch(this.config, sequences)
    prepareTables(this.#store, gathered, batch)
    const names = this.parameters.map(({ name }) => name)
    const { logits } = await session.run({ ...parameterFeeds(this.#store, names), ...packedFeeds(batch) })
    const labels = this.config.labels.length
    const data = logits!.data as Float32Array
    return sequences.map((_, text) => data.slice(text * labels, (text + 1) * labels))
  }

  shiftLogits(offsets: readonly number[]): void {
    const name = logitBias(this.config)
    this.#store.writeValues(
      name,
      this.#store.readValues(name).map((value, label) => value + offsets[label]!),
    )
  }

  readWeights(name: string): Float32Array {
    return this.#store.readValues(name)
  }

  async saveWeights(path: string): Promise<void> {
    await writeSafetensors(
      path,
      this.parameters.map(({ name, shape }) => ({ name, shape, data: () => this.#store.currentValues(name) })),
    )
  }

  saveOptimizer(path: string): Promise<void> {
    return this.#adamW.save(path)
  }

  async load({ weights, optimizer }: { readonly weights: string; readonly optimizer?: string }): Promise<void> {
    const source = await openSafetensors(weights)
    try {
      const required = requireWeights(source, this.parameters)
      this.discardGradients()
      for (const { name } of this.parameters) this.#store.writeValues(name, await required.read(name))
    } catch (cause) {
      if (!(cause instanceof MlError)) throw cause
      throw new MlError('CHECKPOINT_INVALID', `${weights}: ${cause.message}`, { cause })
    } finally {
      await source.close()
    }
    if (optimizer !== undefined) await this.#adamW.load(optimizer)
  }

  async release(): Promise<void> {
    for (const runner of this.#runners.values()) await runner.release()
    await this.#forward?.session.release()
    this.#runners.clear()
    this.#forward = undefined
  }

  #checkBatch({ sequences, targets }: MicroBatch): void {
    const expected = sequences.length * this.config.labels.length
    if (sequences.length === 0 || targets.length !== expected) {
      throw new MlError('SHAPE_MISMATCH', `batch: expected texts and ${expected} targets, got ${targets.length}`)
    }
    const largest = this.config.vocabSize
    for (const sequence of sequences) {
      const wrong = sequence.find((id) => id < 0 || id >= largest)
      if (wrong !== undefined) {
        throw new MlError(
          'SHAPE_MISMATCH',
          `token ids: expected 0 … ${largest - 1}, the base's vocabulary, got ${wrong}`,
        )
      }
    }
  }

  async #runner(variant: { readonly dropout: boolean; readonly soft: boolean }): Promise<StepRunner> {
    const key = JSON.stringify(variant)
    const known = this.#runners.get(key)
    if (known) return known
    const runner = await createStepRunner({
      variant,
      config: this.config,
      store: this.#store,
      scratch: this.#scratch,
      trained: this.trained,
      threads: this.#threads,
    })
    this.#runners.set(key, runner)
    return runner
  }

  async #openForward(): Promise<{ readonly session: InferenceSession; readonly gathered: readonly GatheredRows[] }> {
    if (this.#forward) return this.#forward
    const { graph, gathered } = buildForwardGraph(this.config)
    this.#forward = { session: await openSession(graph, this.#threads), gathered }
    return this.#forward
  }
}
