// From labelled rows to what the trainer learns from: prepared, tokenised, cut.
import { type Preparation, prepareText, type TextEncoder, type TrainingExample } from '@renown/ml'
import type { LabelledRow } from './load-data.ts'

export interface EncodeOptions {
  readonly preparation: Preparation
  /** Tokens, special tokens included. */
  readonly maxLength: number
  readonly signal: AbortSignal
}

const ROWS_BETWEEN_TURNS = 2000

/** Throws the signal's reason. */
export async function encodeRows(
  rows: readonly LabelledRow[],
  encoder: TextEncoder,
  { preparation, maxLength, signal }: EncodeOptions,
): Promise<readonly TrainingExample[]> {
  const examples: TrainingExample[] = []
  for (const [index, { text, label, place }] of rows.entries()) {
    if (index % ROWS_BETWEEN_TURNS === 0) await giveTurn(signal)
    const ids = encoder.encodeTruncated(prepareText(text, preparation), maxLength)
    examples.push({ ids, label, row: place.row })
  }
  return examples
}

/** Signals get their turn, and the run stops if one came. */
async function giveTurn(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
  signal.throwIfAborted()
}
