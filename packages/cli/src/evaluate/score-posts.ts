// Probabilities for many posts, in this process: prepared, tokenised, windowed and combined as in serving.
import { combineWindows, createScorer, loadTextEncoder, prepareText, type Scorer, softmax } from '@renown/ml'
import { chooseModelFile, type ModelFolder } from '@renown/models'
import { CliError } from '../errors.ts'
import { planBatches, type Sequence } from './plan-batches.ts'

export interface ScorePostsOptions {
  readonly threads: number
  readonly encoding: 'auto' | 'int8' | 'uint8' | 'float32'
  /** The model file inside the folder. */
  readonly file?: string
  readonly signal: AbortSignal
  readonly onProgress: (scored: number, share: number) => void
}

export interface ScoredPosts {
  /** In the order of the model's labels, for each text. */
  readonly probabilities: readonly (readonly number[])[]
  readonly file: string
  /** How the weights were held. */
  readonly encoding: string
}

const BATCH_TOKENS = 512

/** Throws what loading and tokenising throw, and INTERRUPTED. */
export async function scorePosts(
  folder: ModelFolder,
  texts: readonly string[],
  options: ScorePostsOptions,
): Promise<ScoredPosts> {
  const { threads, encoding } = options
  const file = chooseModelFile(folder.manifest.files, options.file, encoding)
  const [scorer, sequences] = await Promise.all([
    createScorer(folder.path, { threads, encoding, file }),
    encodePosts(folder, texts),
  ])
  try {
    const logits = await scoreSequences(scorer, sequences, texts.length, options)
    const { temperature } = folder.manifest
    const probabilities = logits.map((windows) => {
      const parts = windows.map((window) => softmax(window.logits, temperature))
      const tokens = windows.map((window) => window.tokens)
      return combineWindows(parts, tokens)
    })
    return { probabilities, file, encoding: scorer.encoding }
  } finally {
    await scorer.release()
  }
}

async function encodePosts(folder: ModelFolder, texts: readonly string[]): Promise<Sequence[]> {
  const { window, preparation } = folder.manifest
  const encoder = await loadTextEncoder(folder.path, window === undefined ? {} : { window })
  return texts.flatMap((text, post) =>
    encoder.encode(prepareText(text, preparation)).windows.map((ids): Sequence => ({ post, ids })),
  )
}

interface WindowLogits {
  readonly logits: Float32Array
  readonly tokens: number
}

async function scoreSequences(
  scorer: Scorer,
  sequences: readonly Sequence[],
  posts: number,
  options: ScorePostsOptions,
): Promise<WindowLogits[][]> {
  const found = new Map<Sequence, Float32Array>()
  for (const batch of planBatches(sequences, BATCH_TOKENS)) {
    if (options.signal.aborted) throw new CliError('INTERRUPTED', 'stopped: nothing was recorded')
    const logits = await scorer.score(batch.map((sequence) => sequence.ids))
    for (const [index, sequence] of batch.entries()) found.set(sequence, logits[index] as Float32Array)
    options.onProgress(found.size, found.size / sequences.length)
    // A run blocks this thread; between two of them signals and the progress bar get their turn.
    await new Promise((resolve) => setImmediate(resolve))
  }
  const windows: WindowLogits[][] = Array.from({ length: posts }, () => [])
  for (const sequence of sequences) {
    const logits = found.get(sequence) as Float32Array
    windows[sequence.post]?.push({ logits, tokens: sequence.ids.length })
  }
  return windows
}
