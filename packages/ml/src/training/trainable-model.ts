// What a trainer sees of a model: batches in, losses out, updates of the weights, and everything that a checkpoint needs.
import type { EncoderConfig } from '../encoders/index.ts'

/** Names a run's dropout masks: the same key, step and micro-batch give the same masks, in any process. */
export interface DropoutKey {
  readonly seed: number
  /** Updates done before this one. */
  readonly step: number
  /** Place of the micro-batch in its update, from 0. */
  readonly micro: number
}

/** Texts that go through the model at once. */
export interface MicroBatch {
  /** Token ids of each text, special tokens included. */
  readonly sequences: readonly Int32Array[]
  /**
   * [texts, labels], row-major: the loss is −Σ targets · log softmax(logits). Label smoothing, class weights and the mean over
   * the whole update (all its micro-batches) are in them already.
   */
  readonly targets: Float32Array
  /** A second term for distillation: −Σ targets · log softmax(logits / temperature). */
  readonly soft?: { readonly targets: Float32Array; readonly temperature: number }
  /** Null: no dropout. */
  readonly dropout: DropoutKey | null
}

export interface BatchResult {
  /** The batch's part of the update's loss. */
  readonly loss: number
  /** Slots that the rows took, padding included. */
  readonly slots: number
}

export interface UpdateOptions {
  /** Of the groups without a multiplier of their own. */
  readonly learningRate: number
  /** 0: gradients are not clipped. */
  readonly maxGradNorm: number
}

export interface TrainableParameter {
  readonly name: string
  readonly shape: readonly number[]
}

/** Weights, gradients and optimizer state of one classifier. One call at a time. */
export interface TrainableModel {
  readonly config: EncoderConfig
  /** What the trained model's config.json says. */
  readonly configJson: Readonly<Record<string, unknown>>
  /** Names of parameters that the base lacked, or had for other labels: made anew. */
  readonly newParameters: readonly string[]
  /** All parameters, the frozen ones too, in the checkpoint's order. */
  readonly parameters: readonly TrainableParameter[]
  /** Names of those that are trained. */
  readonly trained: ReadonlySet<string>
  /** Forward and backward; adds to the gradients. Blocks the thread while it computes. */
  accumulate(batch: MicroBatch): Promise<BatchResult>
  /** Clips, updates the weights, forgets the gradients. Returns the norm before clipping (L2, over all trained parameters). */
  update(options: UpdateOptions): { readonly gradNorm: number }
  /** Forgets gradients that were not used. */
  discardGradients(): void
  /** Logits [labels] of each text, without dropout. The caller limits the sum of lengths. */
  predict(sequences: readonly Int32Array[]): Promise<Float32Array[]>
  /** Adds one number to each label's logit [labels], in the bias of the head. */
  shiftLogits(offsets: readonly number[]): void
  /** A copy of the current weights: averages of checkpoints, tests. */
  readWeights(name: string): Float32Array
  /** Writes the weights in force as safetensors, under the checkpoint's names. */
  saveWeights(path: string): Promise<void>
  /** Writes what the next update depends on beside the weights: moments, counts, rows not yet visited. */
  saveOptimizer(path: string): Promise<void>
  /** Continues from what both save functions wrote; throws MlError CHECKPOINT_INVALID where it doesn't fit. */
  load(paths: { readonly weights: string; readonly optimizer?: string }): Promise<void>
  release(): Promise<void>
}

/** How the optimizer treats the parameters. */
export interface OptimizerOptions {
  readonly betas: readonly [number, number]
  readonly epsilon: number
  readonly weightDecay: number
  /** Learning rate of each layer is that of the one above it times this (Howard & Ruder 2018); 1 for the same everywhere. */
  readonly layerwiseDecay: number
}

/** What is not trained. */
export interface FreezeOptions {
  readonly embeddings: boolean
  /** The first k encoder layers. */
  readonly layers: number
  /** Everything but the classification head. */
  readonly encoder: boolean
}

export interface TrainableModelOptions {
  readonly optimizer: OptimizerOptions
  readonly freeze: FreezeOptions
  /** Overrides of config.json's probabilities; absent: as config.json says. 0 everywhere switches dropout off. */
  readonly dropout?: { readonly hidden?: number; readonly attention?: number; readonly classifier?: number }
  readonly threads: number
  /** The labels of the task, in order; another number than the base's head has makes a new head. */
  readonly labels: readonly string[]
  /** Seeds the new head. */
  readonly seed: number
}
