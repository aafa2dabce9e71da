// Text in, token ids out, without special tokens.
import { Tokenizer as LibraryTokenizer } from '@huggingface/tokenizers'
import { MlError } from '../errors.ts'
import { createSectionSplitter, listAddedTokens } from './added-tokens.ts'
import { createBertEncoding, isBertDefinition } from './bert-encoding.ts'
import { createByteLevelEncoding, isByteLevelDefinition } from './byte-level-encoding.ts'
import { asRecord, asVocabulary, isRecord, type JsonRecord, positiveInteger } from './json-values.ts'
import type { TokenizerFiles } from './tokenizer-files.ts'

export interface Tokenizer {
  /** Special tokens before and after every sequence. */
  readonly prefix: readonly number[]
  readonly suffix: readonly number[]
  idOf(token: string): number | undefined
  /** Appends the ids of a well-formed piece of text; `first` is false where the text began in an earlier piece. */
  append(text: string, first: boolean, output: number[]): void
}

type TextEncoding = (text: string, first: boolean, output: number[]) => void

/**
 * A tokenizer for what the files of a model folder say: @huggingface/tokenizers, except for the words of the two families
 * that our encoders know, BERT and RoBERTa. Those are split and looked up here, for speed (each word once), for time in
 * proportion to the length of hostile text, and because the library (0.2.0) differs from transformers on CJK beyond U+FFFF
 * and on sigma at the end of a word.
 *
 * Known differences from transformers 5.23 that remain: characters that Unicode got after version 8 (2015) count as what
 * this Node's Unicode says, where transformers takes them for letters (punctuation such as U+061D, marks, format
 * characters); emoji are not affected. Lone surrogates, which transformers can't take, count as U+FFFD.
 */
export function createTokenizer(files: TokenizerFiles): Tokenizer {
  const definition: JsonRecord = {
    normalizer: null,
    pre_tokenizer: null,
    post_processor: null,
    decoder: null,
    ...files.definition,
  }
  const model = asRecord(definition.model, 'tokenizer.json: model')
  const ids = isRecord(model.vocab) ? asVocabulary(model.vocab, 'tokenizer.json: model.vocab') : undefined
  const added = listAddedTokens(definition)
  checkIds(ids, added, positiveInteger(files.model.vocab_size))
  if (ids && isBertDefinition(definition)) {
    const encode = createBertEncoding(definition, ids)
    // The library is left to process special tokens; a second copy of the vocabulary would only take time to load.
    const library = createLibrary({ ...definition, model: { ...model, vocab: {} } }, files.settings)
    const idOf = (token: string): number | undefined => library.token_to_id(token) ?? ids.get(token)
    return {
      ...specialTokens(library, idOf),
      idOf,
      append: withAddedTokens(added, (text, _, output) => encode(text, output)),
    }
  }
  const library = createLibrary(definition, files.settings)
  const idOf = (token: string): number | undefined => library.token_to_id(token)
  const append = isByteLevelDefinition(definition)
    ? withAddedTokens(added, createByteLevelEncoding(definition, library))
    : libraryEncoding(library)
  return { ...specialTokens(library, idOf), idOf, append }
}

function createLibrary(definition: JsonRecord, settings: JsonRecord): LibraryTokenizer {
  try {
    return new LibraryTokenizer({ ...definition, added_tokens: listAddedTokens(definition) }, settings)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new MlError('TOKENIZER_INVALID', `The tokenizer's definition is not usable: ${reason}`, { cause: error })
  }
}

/** An id past the model's embedding table would fail every batch that it is in. */
function checkIds(
  ids: ReadonlyMap<string, number> | undefined,
  added: readonly JsonRecord[],
  vocabularySize: number | undefined,
): void {
  let largest = -1
  for (const id of ids?.values() ?? []) largest = Math.max(largest, id)
  for (const { id } of added) largest = Math.max(largest, typeof id === 'number' ? id : -1)
  if (vocabularySize !== undefined && largest >= vocabularySize) {
    throw new MlError(
      'TOKENIZER_INVALID',
      `The tokenizer does not fit the model: expected ids below vocab_size ${vocabularySize}, got ${largest}`,
    )
  }
}

function libraryEncoding(library: LibraryTokenizer): TextEncoding {
  return (text, _first, output) => {
    for (const id of library.encode(text, { add_special_tokens: false }).ids) output.push(id)
  }
}

/** Every stretch between added tokens is a text of its own, as in the tokenizers crate. */
function withAddedTokens(added: readonly JsonRecord[], append: TextEncoding): TextEncoding {
  const split = createSectionSplitter(added)
  return (text, first, output) => {
    let begins = first
    split(text, {
      text(section) {
        append(section, begins, output)
        begins = true
      },
      token(id) {
        output.push(id)
        begins = true
      },
    })
  }
}

/** What the post-processor puts around a sequence, found by letting it process one. */
function specialTokens(
  library: LibraryTokenizer,
  idOf: (token: string) => number | undefined,
): { prefix: readonly number[]; suffix: readonly number[] } {
  const marker = '\0'
  const tokens = library.post_processor?.post_process([marker], null, true).tokens ?? [marker]
  const at = tokens.indexOf(marker)
  const ids = (part: readonly string[]): number[] => part.map((token) => requiredId(idOf(token), token))
  return { prefix: ids(tokens.slice(0, at)), suffix: ids(tokens.slice(at + 1)) }
}

function requiredId(id: number | undefined, token: string): number {
  if (id !== undefined) return id
  throw new MlError('TOKENIZER_INVALID', `The special token "${token}" is not in the vocabulary`)
}
