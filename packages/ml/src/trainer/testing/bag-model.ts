// A small exact TrainableModel for tests: softmax regression over bags of token ids, plain AdamW, dropout of tokens.
import type { EncoderConfig } from '../../encoders/index.ts'
import { MlError } from '../../errors.ts'
import type { DropoutKey, MicroBatch, TrainableModel, UpdateOptions } from '../../training/trainable-model.ts'
import { openSafetensors, writeSafetensors } from '../../weights/index.ts'

export interface BagModelOptions {
  readonly vocabulary: number
  readonly labels: number
  readonly dropout?: number
  readonly weightDecay?: number
}

const WEIGHT = 'classifier.weight'
const BIAS = 'classifier.bias'

/** Logits are the bias plus the mean of the tokens' columns of the weight [labels, vocabulary]. */
export class BagModel implements TrainableModel {
  readonly config: EncoderConfig = { modelType: 'bag' } as unknown as EncoderConfig
  readonly configJson: TrainableModel['configJson'] = { model_type: 'bag' }
  readonly newParameters: readonly string[] = []
  readonly parameters: TrainableModel['parameters']
  readonly trained: ReadonlySet<string> = new Set([WEIGHT, BIAS])
  /** Everything that was asked of the model, for tests of the loop. */
  readonly calls: string[] = []
  /** The batches that went through, in order. */
  readonly batches: MicroBatch[] = []
  readonly updates: UpdateOptions[] = []
  readonly options: BagModelOptions
  private readonly values: Map<string, Float32Array>
  private readonly gradients: Map<string, Float64Array>
  private readonly moments: Map<string, Float32Array>
  private steps = 0

  constructor(options: BagModelOptions) {
    this.options = options
    this.parameters = [
      { name: WEIGHT, shape: [options.labels, options.vocabulary] },
      { name: BIAS, shape: [options.labels] },
    ]
    const sizes = this.parameters.map(({ name, shape }) => [name, shape.reduce((a, b) => a * b, 1)] as const)
    this.values = new Map(sizes.map(([name, size]) => [name, startValues(size)]))
    this.gradients = new Map(sizes.map(([name, size]) => [name, new Float64Array(size)]))
    this.moments = new Map(
      sizes.flatMap(([name, size]) => [
        [`${name}.first`, new Float32Array(size)],
        [`${name}.second`, new Float32Array(size)],
      ]),
    )
  }

  async accumulate(batch: MicroBatch): Promise<{ loss: number; slots: number }> {
    this.calls.push('accumulate')
    this.batches.push(batch)
    const { labels } = this.options
    let loss = 0
    for (const [text, ids] of batch.sequences.entries()) {
      const kept = this.drop(ids, batch.dropout, text)
      const logits = this.logits(kept, ids.length)
      const slice = (values: Float32Array) => values.subarray(text * labels, (text + 1) * labels)
      loss += this.backward(kept, ids.length, logits, slice(batch.targets), 1)
      if (batch.soft) {
        loss += this.backward(kept, ids.length, logits, slice(batch.soft.targets), batch.soft.temperature)
      }
    }
    return { loss, slots: batch.sequences.reduce((sum, ids) => sum + ids.length, 0) }
  }

  update(options: UpdateOptions): { gradNorm: number } {
    this.calls.push('update')
    this.updates.push(options)
    const all = [...this.gradients.values()].flatMap((values) => [...values])
    const gradNorm = Math.sqrt(all.reduce((sum, value) => sum + value * value, 0))
    const scale = options.maxGradNorm > 0 ? Math.min(1, options.maxGradNorm / (gradNorm + 1e-6)) : 1
    this.steps++
    for (const { name } of this.parameters) this.step(name, options.learningRate, scale)
    return { gradNorm }
  }

  discardGradients(): void {
    this.calls.push('discard')
    for (const gradient of this.gradients.values()) gradient.fill(0)
  }

  async predict(sequences: readonly Int32Array[]): Promise<Float32Array[]> {
    this.calls.push('predict')
    return sequences.map((ids) => Float32Array.from(this.logits([...ids], ids.length)))
  }

  shiftLogits(offsets: readonly number[]): void {
    const bias = this.values.get(BIAS)!
    for (const [label, offset] of offsets.entries()) bias[label]! += offset
  }

  readWeights(name: string): Float32Array {
    return this.values.get(name)!.slice()
  }

  /** Puts values where training would not, such as infinite ones. */
  writeWeights(name: string, values: ArrayLike<number>): void {
    this.values.get(name)!.set(values)
  }

  async saveWeights(path: string): Promise<void> {
    await writeSafetensors(
      path,
      this.parameters.map(({ name, shape }) => ({ name, shape, data: this.values.get(name)! })),
    )
  }

  async saveOptimizer(path: string): Promise<void> {
    const tensors = [...this.moments].map(([name, data]) => ({ name, shape: [data.length], data }))
    await writeSafetensors(path, [...tensors, { name: 'steps', shape: [1], data: Float32Array.of(this.steps) }])
  }

  async load({ weights, optimizer }: { weights: string; optimizer?: string }): Promise<void> {
    this.calls.push('load')
    await readInto(weights, this.values)
    if (!optimizer) return
    const steps = new Float32Array(1)
    await readInto(optimizer, new Map([...this.moments, ['steps', steps]]))
    this.steps = steps[0]!
  }

  async release(): Promise<void> {}

  private drop(ids: Int32Array, key: DropoutKey | null, text: number): number[] {
    const rate = this.options.dropout ?? 0
    if (key === null || rate === 0) return [...ids]
    return [...ids].filter((_, place) => keyedFraction([key.seed, key.step, key.micro, text, place]) >= rate)
  }

  private logits(kept: readonly number[], length: number): number[] {
    const { labels, vocabulary } = this.options
    const weight = this.values.get(WEIGHT)!
    const bias = this.values.get(BIAS)!
    return Array.from({ length: labels }, (_, label) => {
      return kept.reduce((sum, id) => sum + weight[label * vocabulary + id]! / length, bias[label]!)
    })
  }

  /** Adds the gradients of −Σ targets · log softmax(logits / temperature), and gives its value. */
  private backward(
    kept: readonly number[],
    length: number,
    logits: readonly number[],
    targets: Float32Array,
    temperature: number,
  ): number {
    const { vocabulary } = this.options
    const weight = this.gradients.get(WEIGHT)!
    const bias = this.gradients.get(BIAS)!
    const powers = logits.map((value) => Math.exp(value / temperature))
    const sum = powers.reduce((a, b) => a + b, 0)
    const mass = targets.reduce((a, b) => a + b, 0)
    let loss = 0
    for (const [label, power] of powers.entries()) {
      loss -= targets[label]! * Math.log(power / sum)
      const gradient = ((power / sum) * mass - targets[label]!) / temperature
      bias[label]! += gradient
      for (const id of kept) weight[label * vocabulary + id]! += gradient / length
    }
    return loss
  }

  private step(name: string, learningRate: number, scale: number): void {
    const values = this.values.get(name)!
    const gradients = this.gradients.get(name)!
    const first = this.moments.get(`${name}.first`)!
    const second = this.moments.get(`${name}.second`)!
    for (let i = 0; i < values.length; i++) {
      const gradient = gradients[i]! * scale
      first[i] = first[i]! * 0.9 + 0.1 * gradient
      second[i] = second[i]! * 0.999 + 0.001 * gradient * gradient
      const mean = first[i]! / (1 - 0.9 ** this.steps)
      const root = Math.sqrt(second[i]! / (1 - 0.999 ** this.steps))
      const decayed = values[i]! * (1 - learningRate * (this.options.weightDecay ?? 0))
      values[i] = decayed - (learningRate * mean) / (root + 1e-8)
      gradients[i] = 0
    }
  }
}

function startValues(size: number): Float32Array {
  return Float32Array.from({ length: size }, (_, index) => 0.1 * Math.sin(1 + index))
}

function keyedFraction(key: readonly number[]): number {
  let hash = 0x811c9dc5
  for (const part of key) hash = Math.imul(hash ^ (part + 1), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b)
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32
}

async function readInto(path: string, targets: ReadonlyMap<string, Float32Array>): Promise<void> {
  const source = await openSafetensors(path)
  try {
    for (const [name, target] of targets) {
      const values = await source.read(name)
      if (values.length !== target.length) throw new MlError('CHECKPOINT_INVALID', `${path}: ${name} doesn't fit`)
      target.set(values)
    }
  } finally {
    await source.close()
  }
}
