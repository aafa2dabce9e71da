// BERT's way from text to ids: clean, split into words, cut the words into pieces of the vocabulary.
import { MlError } from '../errors.ts'
import { listAddedTokens } from './added-tokens.ts'
import { BERT_WORD, type BertNormalization, normalizeBertWord, splitBertWords } from './bert-words.ts'
import { isRecord, type JsonRecord, kindOfPart, positiveInteger } from './json-values.ts'
import { createWordEncoder } from './word-ids.ts'
import { appendWordPieces, createWordPieceModel } from './word-piece.ts'

/** Whether a definition is BERT's: its normalizer and pre-tokenizer, WordPiece, no added token that is normalised. */
export function isBertDefinition(definition: JsonRecord): boolean {
  return (
    kindOfPart(definition.model) === 'WordPiece' &&
    kindOfPart(definition.pre_tokenizer) === 'BertPreTokenizer' &&
    kindOfPart(definition.normalizer) === 'BertNormalizer' &&
    listAddedTokens(definition).every((token) => token.normalized !== true)
  )
}

/** The function that appends a text's ids, for a definition that `isBertDefinition` accepts. */
export function createBertEncoding(
  definition: JsonRecord,
  ids: ReadonlyMap<string, number>,
): (text: string, output: number[]) => void {
  const model = isRecord(definition.model) ? definition.model : {}
  const unknown = typeof model.unk_token === 'string' ? model.unk_token : '[UNK]'
  const unknownId = ids.get(unknown)
  if (unknownId === undefined) {
    throw new MlError('TOKENIZER_INVALID', `The vocabulary lacks its unknown token "${unknown}"`)
  }
  const pieces = createWordPieceModel(ids, {
    unknownId,
    prefix: typeof model.continuing_subword_prefix === 'string' ? model.continuing_subword_prefix : '##',
    maxWordChars: positiveInteger(model.max_input_chars_per_word) ?? 100,
  })
  const normalization = bertNormalization(definition.normalizer)
  return createWordEncoder({
    pattern: BERT_WORD,
    encode(word, output) {
      for (const part of splitBertWords(normalizeBertWord(word, normalization))) appendWordPieces(part, pieces, output)
    },
  })
}

function bertNormalization(value: unknown): BertNormalization {
  const normalizer = isRecord(value) ? value : {}
  const lowercase = normalizer.lowercase !== false
  const strip = normalizer.strip_accents
  return {
    cleanText: normalizer.clean_text !== false,
    handleChineseChars: normalizer.handle_chinese_chars !== false,
    stripAccents: typeof strip === 'boolean' ? strip : lowercase,
    lowercase,
  }
}
