// What the other rooms see of tokenisation: a text encoder for one model folder.
import { MlError } from '../errors.ts'
import { toWellFormed } from '../text/well-formed.ts'
import { type JsonRecord, positiveInteger, tokenContent } from './json-values.ts'
import { splitPieces } from './text-pieces.ts'
import { planWindows } from './text-windows.ts'
import { createTokenizer, type Tokenizer } from './tokenizer.ts'
import { readTokenizerFiles, type TokenizerFiles } from './tokenizer-files.ts'

/** Longer texts (in UTF-16 units) are refused. */
export const TEXT_LIMIT_CHARS = 100_000

export interface EncodedText {
  /** Token ids with special tokens, each at most `window` long; more than one for a long text. */
  readonly windows: readonly Int32Array[]
  /** Tokens of the text itself: special tokens and overlaps not counted. */
  readonly tokens: number
}

export interface TextEncoder {
  /** The most tokens in one sequence, special tokens included. */
  readonly window: number
  readonly padId: number
  /** What stands for text that the vocabulary can't spell; null where it can spell everything. */
  readonly unknownId: number | null
  /** The whole text, in overlapping windows if need be. Throws MlError TEXT_TOO_LONG past the limit. */
  encode(text: string): EncodedText
  /** The beginning of the text, as transformers' `truncation=True, max_length=maxLength`. */
  encodeTruncated(text: string, maxLength: number): Int32Array
}

export interface TextEncoderOptions {
  /** A smaller window than the model's own. */
  readonly window?: number
  readonly maxTextChars?: number
}

/**
 * Loads the tokenizer of a model folder: tokenizer.json, or vocab.json + merges.txt, or vocab.txt. The window is
 * `model_max_length` of tokenizer_config.json, capped by the position table of config.json. Lone surrogates are read as
 * U+FFFD. Throws MlError TOKENIZER_INVALID.
 */
export async function loadTextEncoder(folder: string, options: TextEncoderOptions = {}): Promise<TextEncoder> {
  const files = await readTokenizerFiles(folder)
  return createTextEncoder(createTokenizer(files), files, options)
}

function createTextEncoder(tokenizer: Tokenizer, files: TokenizerFiles, options: TextEncoderOptions): TextEncoder {
  const window = Math.min(findWindow(files), options.window ?? Number.POSITIVE_INFINITY)
  const limit = options.maxTextChars ?? TEXT_LIMIT_CHARS
  const special = tokenizer.prefix.length + tokenizer.suffix.length
  if (window <= special) {
    throw new MlError('TOKENIZER_INVALID', `The window must hold more than ${special} special tokens, got ${window}`)
  }
  return {
    window,
    padId: findPadId(tokenizer, files),
    unknownId: findUnknownId(tokenizer, files),
    encode(text) {
      if (text.length > limit) {
        throw new MlError('TEXT_TOO_LONG', `Text too long: expected at most ${limit} characters, got ${text.length}`)
      }
      const ids = tokenize(tokenizer, text, Number.POSITIVE_INFINITY)
      const ranges = planWindows(ids.length, window - special)
      return { windows: ranges.map(({ start, end }) => assemble(tokenizer, ids, start, end)), tokens: ids.length }
    },
    encodeTruncated(text, maxLength) {
      const capacity = Math.max(0, maxLength - special)
      const ids = tokenize(tokenizer, text, capacity)
      return assemble(tokenizer, ids, 0, Math.min(ids.length, capacity))
    },
  }
}

/** Ids of the whole text, or at least the first `enough`. */
function tokenize(tokenizer: Tokenizer, text: string, enough: number): number[] {
  const ids: number[] = []
  let first = true
  for (const piece of splitPieces(toWellFormed(text))) {
    tokenizer.append(piece, first, ids)
    first = false
    if (ids.length >= enough) break
  }
  return ids
}

function assemble(tokenizer: Tokenizer, ids: readonly number[], start: number, end: number): Int32Array {
  const { prefix, suffix } = tokenizer
  const sequence = new Int32Array(prefix.length + end - start + suffix.length)
  sequence.set(prefix)
  for (let i = start; i < end; i++) sequence[prefix.length + i - start] = ids[i] ?? 0
  sequence.set(suffix, prefix.length + end - start)
  return sequence
}

function findWindow(files: TokenizerFiles): number {
  const limits = [positiveInteger(files.settings.model_max_length), positionWindow(files.model)]
  const known = limits.filter((limit) => limit !== undefined)
  if (known.length > 0) return Math.min(...known)
  throw new MlError(
    'TOKENIZER_INVALID',
    'No window: expected model_max_length in tokenizer_config.json or max_position_embeddings in config.json, got neither',
  )
}

/** RoBERTa's positions start after the padding id: its table of 514 holds 512 (`create_position_ids_from_input_ids`). */
function positionWindow(model: JsonRecord): number | undefined {
  const positions = positiveInteger(model.max_position_embeddings)
  if (positions === undefined || model.model_type !== 'roberta') return positions
  const padId = typeof model.pad_token_id === 'number' ? model.pad_token_id : 1
  return positiveInteger(positions - padId - 1)
}

function findUnknownId(tokenizer: Tokenizer, files: TokenizerFiles): number | null {
  const token = tokenContent(files.settings.unk_token)
  return (token === undefined ? undefined : tokenizer.idOf(token)) ?? null
}

function findPadId(tokenizer: Tokenizer, files: TokenizerFiles): number {
  const token = tokenContent(files.settings.pad_token)
  const id = token === undefined ? undefined : tokenizer.idOf(token)
  if (id !== undefined) return id
  return typeof files.model.pad_token_id === 'number' ? files.model.pad_token_id : 0
}
