// From labelled rows to what the trainer learns from: prepared, tokenised, cut.
import { type Preparation, prepareText, type TextEncoder, type TrainingExample } from '@renown/ml'
import { CliError } from '../errors.ts'
import type { LabelledRow } from './load-data.ts'

export interface EncodeOptions {
  readonly preparation: Preparation
  /** Tokens, special tokens included. */
  readonly maxLength: number
  /** Ids that the base has embeddings for. */
  readonly vocabSize: number
  readonly signal: AbortSignal
}

const ROWS_BETWEEN_TURNS = 2000

/** Throws BASE_MISMATCHED where the tokenizer makes ids that the base doesn't know, and the signal's reason. */
export async function encodeRows(
  rows: readonly LabelledRow[],
  encoder: TextEncoder,
  { preparation, maxLength, vocabSize, signal }: EncodeOptions,
): Promise<readonly TrainingExample[]> {
  const examples: TrainingExample[] = []
  for (const [index, { text, label, place }] of rows.entries()) {
    if (index % ROWS_BETWEEN_TURNS === 0) await giveTurn(signal)
    const ids = encoder.encodeTruncated(prepareText(text, preparation), maxLength)
    checkIds(ids, vocabSize)
    examples.push({ ids, label, row: place.row })
  }
  return examples
}

function checkIds(ids: Int32Array, vocabSize: number): void {
  const wrong = ids.find((id) => id >= vocabSize)
  if (wrong === undefined) return
  throw new CliError(
    'BASE_MISMATCHED',
    `the base's tokenizer makes the token ${wrong}, and its weights know ${vocabSize} tokens: expected a tokenizer and weights that belong together`,
  )
}

/** Signals get their turn, and the run stops if one came. */
async function giveTurn(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
  signal.throwIfAborted()
}
