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

export interface EncodedRows {
  readonly examples: readonly TrainingExample[]
  /** How many texts were longer than `maxLength`. */
  readonly truncated: number
}

const ROWS_BETWEEN_TURNS = 2000

/** Throws BASE_MISMATCHED where the tokenizer makes ids that the base doesn't know. */
export async function encodeRows(
  rows: readonly LabelledRow[],
  encoder: TextEncoder,
  options: EncodeOptions,
): Promise<EncodedRows> {
  const { maxLength, preparation } = options
  const examples: TrainingExample[] = []
  let truncated = 0
  for (const [index, { text, label, place }] of rows.entries()) {
    if (index % ROWS_BETWEEN_TURNS === 0) await giveTurn(options.signal)
    const { ids, isCut } = encodeText(encoder, prepareText(text, preparation), maxLength)
    if (isCut) truncated++
    checkIds(ids, options.vocabSize)
    examples.push({ ids, label, row: place.row })
  }
  return { examples, truncated }
}

/** One token more than allowed tells whether something was cut. */
function encodeText(encoder: TextEncoder, text: string, maxLength: number): { ids: Int32Array; isCut: boolean } {
  const ids = encoder.encodeTruncated(text, maxLength + 1)
  return ids.length > maxLength ? { ids: encoder.encodeTruncated(text, maxLength), isCut: true } : { ids, isCut: false }
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
