// A model folder as a function: token ids in, logits out.
import { env, type InferenceSession } from 'onnxruntime-node'
import { createSession } from '../create-session.ts'
import { readEncoderConfig } from '../encoders/index.ts'
import { writeOnnx } from '../onnx/index.ts'
import { chooseModel, type ModelChoice, type WeightEncoding } from './choose-model.ts'
import { packedRunner, paddedRunner, type Runner } from './runners.ts'

export interface Scorer {
  /** Class names in the order of the logits. */
  readonly labels: readonly string[]
  /** How the weights are held; `foreign` for an ONNX file that isn't ours and runs as it is. */
  readonly encoding: WeightEncoding | 'foreign'
  /** Whether several texts share a row. */
  readonly packed: boolean
  /** The file that the weights came from, relative to the folder. */
  readonly file: string
  /** Slots, padding included, that a run over these lengths would take. */
  slots(lengths: readonly number[]): number
  /** Logits [labels] of each sequence of token ids. One run at a time; the caller limits the sum of lengths. */
  score(sequences: readonly Int32Array[]): Promise<Float32Array[]>
  release(): Promise<void>
}

export interface ScorerOptions {
  /** Threads of one run. */
  readonly threads: number
  /** A file of the folder (`onnx/model.onnx`); by default the quantised one, otherwise the weights. */
  readonly file?: string
  /** `auto`: 8-bit weights signed where products don't saturate, unsigned elsewhere; float weights as they are. */
  readonly encoding?: 'auto' | WeightEncoding
}

/** Version of onnxruntime. */
export const RUNTIME_VERSION: string = env.versions.node ?? env.versions.common

/**
 * How long the threads of a run wait for each other busily. An operation of a small model takes some ten microseconds,
 * less than falling asleep and waking up; without a bound, waiting threads take the cores from everything else.
 */
const SPIN_MICROSECONDS = '50'

function sessionOptions(choice: ModelChoice, { threads }: ScorerOptions): InferenceSession.SessionOptions {
  return {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    // Our own graph is fused already. Where the runtime fuses sums with norms, they take eight times as long.
    graphOptimizationLevel: choice.kind === 'ours' ? 'basic' : 'all',
    logSeverityLevel: 3,
    extra: { session: { intra_op: { allow_spinning: '1', spin_duration_us: SPIN_MICROSECONDS } } },
  }
}

async function openRunner(choice: ModelChoice, options: ScorerOptions): Promise<Runner> {
  const bytes = choice.kind === 'ours' ? writeOnnx(choice.graph) : choice.bytes
  const session = await createSession(bytes, sessionOptions(choice, options))
  return choice.kind === 'ours' ? packedRunner(session, choice.config) : paddedRunner(session, choice.config)
}

/**
 * Opens a model folder for scoring.
 * @throws MlError CONFIG_INVALID, WEIGHTS_MISSING, MODEL_FILE_INVALID, … as the folder's parts have it
 */
export async function createScorer(folder: string, options: ScorerOptions): Promise<Scorer> {
  const config = await readEncoderConfig(folder)
  const choice = await chooseModel(folder, config, options)
  const runner = await openRunner(choice, options)
  return {
    labels: config.labels,
    encoding: choice.encoding,
    packed: choice.kind === 'ours',
    file: choice.file,
    slots: runner.slots,
    score: async (sequences) => (sequences.length === 0 ? [] : runner.run(sequences)),
    release: runner.release,
  }
}
