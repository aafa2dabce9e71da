// Logits for many posts, in this process: prepared, tokenised and windowed as in serving.
import { createScorer, loadTextEncoder, prepareText, type Scorer, type TextEncoder } from '@renown/ml'
import { chooseModelFile } from '../loader-files.ts'
import type { ModelManifest } from '../manifest.ts'
import { planBatches, type Sequence } from './plan-batches.ts'

/** As much of a model folder as scoring takes. */
export interface ScoredFolder {
  readonly path: string
  readonly manifest: Pick<ModelManifest, 'files' | 'window' | 'preparation'>
}

export interface PostScorerOptions {
  readonly threads: number
  readonly encoding: 'auto' | 'int8' | 'uint8' | 'float32'
  /** The model file inside the folder. */
  readonly file?: string
}

export interface ScoringOptions {
  readonly signal?: AbortSignal
  /** Windows scored, and their share of all. */
  readonly onProgress?: (scored: number, share: number) => void
}

export interface WindowLogits {
  readonly logits: Float32Array
  readonly tokens: number
}

/** For each post the logits of its windows; most have one. */
export type PostLogits = readonly (readonly WindowLogits[])[]

export interface PostScorer {
  readonly file: string
  /** How the weights are held. */
  readonly encoding: string
  /** One call at a time. Throws what tokenising throws, and the signal's reason. */
  score(texts: readonly string[], options?: ScoringOptions): Promise<PostLogits>
  release(): Promise<void>
}

const BATCH_TOKENS = 512

/** Throws MODEL_FILE_MISSING and what loading throws. */
export async function openPostScorer(folder: ScoredFolder, options: PostScorerOptions): Promise<PostScorer> {
  const { window, preparation, files } = folder.manifest
  const file = chooseModelFile(files, options.file, options.encoding)
  const encoder = await loadTextEncoder(folder.path, window === undefined ? {} : { window })
  const scorer = await createScorer(folder.path, { threads: options.threads, encoding: options.encoding, file })
  return {
    file,
    encoding: scorer.encoding,
    score: async (texts, scoring = {}) => {
      const prepared = texts.map((text) => prepareText(text, preparation))
      return scoreSequences(scorer, encodePosts(encoder, prepared), texts.length, scoring)
    },
    release: () => scorer.release(),
  }
}

/** Opens the folder for one list of posts. */
export async function scorePosts(
  folder: ScoredFolder,
  texts: readonly string[],
  options: PostScorerOptions & ScoringOptions,
): Promise<{ readonly logits: PostLogits; readonly file: string; readonly encoding: string }> {
  const scorer = await openPostScorer(folder, options)
  try {
    return { logits: await scorer.score(texts, options), file: scorer.file, encoding: scorer.encoding }
  } finally {
    await scorer.release()
  }
}

function encodePosts(encoder: TextEncoder, prepared: readonly string[]): Sequence[] {
  return prepared.flatMap((text, post) => encoder.encode(text).windows.map((ids): Sequence => ({ post, ids })))
}

async function scoreSequences(
  scorer: Scorer,
  sequences: readonly Sequence[],
  posts: number,
  options: ScoringOptions,
): Promise<PostLogits> {
  const found = new Map<Sequence, Float32Array>()
  for (const batch of planBatches(sequences, BATCH_TOKENS)) {
    options.signal?.throwIfAborted()
    const logits = await scorer.score(batch.map((sequence) => sequence.ids))
    for (const [index, sequence] of batch.entries()) found.set(sequence, logits[index] as Float32Array)
    options.onProgress?.(found.size, found.size / sequences.length)
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
