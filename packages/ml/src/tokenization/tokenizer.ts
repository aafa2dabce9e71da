// Text in, token ids out (without special tokens): @huggingface/tokenizers, with exact and fast words where we know the kind.
import { Tokenizer as LibraryTokenizer } from '@huggingface/tokenizers'
import { MlError } from '../errors.ts'
import { createSectionSplitter, listAddedTokens } from './added-tokens.ts'
import { BERT_WORD, type BertNormalization, normalizeBertWord, splitBertWords } from './bert-words.ts'
import { BYTE_LEVEL_WORD, toByteLetters } from './byte-level-words.ts'
import { asRecord, asVocabulary, isRecord, type JsonRecord, positiveInteger } from './json-values.ts'
import type { TokenizerFiles } from './tokenizer-files.ts'
import { createWordEncoder, type WordEncoding } from './word-ids.ts'
import { appendWordPieces, createWordPieceModel } from './word-piece.ts'

export interface Tokenizer {
  /** Special tokens before and after every sequence. */
  readonly prefix: readonly number[]
  readonly suffix: readonly number[]
  idOf(token: string): number | undefined
  /** Appends the ids of a well-formed piece of text; `first` is false where the text began in an earlier piece. */
  append(text: string, first: boolean, output: number[]): void
}

type TextEncoding = (text: string, first: boolean, output: number[]) => void

export function createTokenizer(files: TokenizerFiles): Tokenizer {
  const definition = { normalizer: null, pre_tokenizer: null, post_processor: null, decoder: null, ...files.definition }
  const model = asRecord(files.definition.model, 'tokenizer.json: model')
  const library = createLibraryTokenizer({ ...definition, added_tokens: listAddedTokens(definition) }, files.settings)
  const added = listAddedTokens(definition)
  const append = createWordPieceEncoding(definition, model) ?? createByteLevelEncoding(definition, library)
  return {
    ...specialTokens(library),
    idOf: (token) => library.token_to_id(token),
    append: append ? withAddedTokens(added, append) : libraryEncoding(library),
  }
}

function createLibraryTokenizer(definition: JsonRecord, settings: JsonRecord): LibraryTokenizer {
  try {
    return new LibraryTokenizer(definition, settings)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new MlError('TOKENIZER_INVALID', `The tokenizer's definition is not usable: ${reason}`, { cause: error })
  }
}

/** BERT's normalizer, pre-tokenizer and WordPiece; undefined for any other combination. */
function createWordPieceEncoding(definition: JsonRecord, model: JsonRecord): TextEncoding | undefined {
  const normalizer = definition.normalizer
  if (model.type !== 'WordPiece' || kind(definition.pre_tokenizer) !== 'BertPreTokenizer') return undefined
  if (!isRecord(normalizer) || normalizer.type !== 'BertNormalizer') return undefined
  if (listAddedTokens(definition).some((token) => token.normalized === true)) return undefined
  const ids = asVocabulary(model.vocab, 'tokenizer.json: model.vocab')
  const unknownId = ids.get(String(model.unk_token))
  if (unknownId === undefined) {
    throw new MlError(
      'TOKENIZER_INVALID',
      `The vocabulary lacks its unknown token: expected "${String(model.unk_token)}"`,
    )
  }
  const pieces = createWordPieceModel(ids, {
    unknownId,
    prefix: typeof model.continuing_subword_prefix === 'string' ? model.continuing_subword_prefix : '##',
    maxWordChars: positiveInteger(model.max_input_chars_per_word) ?? 100,
  })
  const options = bertNormalization(normalizer)
  const words: WordEncoding = {
    pattern: BERT_WORD,
    encode(word, output) {
      for (const part of splitBertWords(normalizeBertWord(word, options))) appendWordPieces(part, pieces, output)
    },
  }
  const encode = createWordEncoder(words)
  return (text, _first, output) => encode(text, output)
}

function bertNormalization(normalizer: JsonRecord): BertNormalization {
  const lowercase = normalizer.lowercase !== false
  const strip = normalizer.strip_accents
  return {
    cleanText: normalizer.clean_text !== false,
    handleChineseChars: normalizer.handle_chinese_chars !== false,
    stripAccents: typeof strip === 'boolean' ? strip : lowercase,
    lowercase,
  }
}

/** Byte-level BPE without a normalizer (RoBERTa, GPT-2); undefined for any other combination. */
function createByteLevelEncoding(definition: JsonRecord, library: LibraryTokenizer): TextEncoding | undefined {
  const splitter = definition.pre_tokenizer
  const model = library.model
  if (definition.normalizer || !isRecord(splitter) || splitter.type !== 'ByteLevel' || !model) return undefined
  if (splitter.use_regex === false) return undefined
  const words: WordEncoding = {
    pattern: BYTE_LEVEL_WORD,
    encode(word, output) {
      for (const token of model.encode([toByteLetters(word)])) {
        const id = library.token_to_id(token)
        if (id !== undefined) output.push(id)
      }
    },
  }
  const encode = createWordEncoder(words)
  const addSpace = splitter.add_prefix_space === true
  return (text, first, output) => encode(addSpace && first && !text.startsWith(' ') ? ` ${text}` : text, output)
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
function specialTokens(library: LibraryTokenizer): { prefix: readonly number[]; suffix: readonly number[] } {
  const marker = '\0'
  const tokens = library.post_processor?.post_process([marker], null, true).tokens ?? [marker]
  const at = tokens.indexOf(marker)
  const ids = (part: readonly string[]): number[] => part.map((token) => requiredId(library, token))
  return { prefix: ids(tokens.slice(0, at)), suffix: ids(tokens.slice(at + 1)) }
}

function requiredId(library: LibraryTokenizer, token: string): number {
  const id = library.token_to_id(token)
  if (id !== undefined) return id
  throw new MlError('TOKENIZER_INVALID', `The special token "${token}" is not in the vocabulary`)
}

function kind(value: unknown): unknown {
  return isRecord(value) ? value.type : undefined
}
