// RoBERTa's way from text to ids: words with their leading space, as bytes, merged by the library's BPE.
import type { Tokenizer as LibraryTokenizer } from '@huggingface/tokenizers'
import { BYTE_LEVEL_WORD, toByteLetters } from './byte-level-words.ts'
import { isRecord, type JsonRecord, kindOfPart } from './json-values.ts'
import { createWordEncoder } from './word-ids.ts'

/** Whether a definition is byte-level BPE with GPT-2's words and without a normalizer. */
export function isByteLevelDefinition(definition: JsonRecord): boolean {
  const splitter = definition.pre_tokenizer
  const isPlain = !definition.normalizer && kindOfPart(definition.model) === 'BPE'
  return isPlain && isRecord(splitter) && splitter.type === 'ByteLevel' && splitter.use_regex !== false
}

/** The function that appends a text's ids, for a definition that `isByteLevelDefinition` accepts. */
export function createByteLevelEncoding(
  definition: JsonRecord,
  library: LibraryTokenizer,
): (text: string, first: boolean, output: number[]) => void {
  const addSpace = isRecord(definition.pre_tokenizer) && definition.pre_tokenizer.add_prefix_space === true
  const encode = createWordEncoder({
    pattern: BYTE_LEVEL_WORD,
    encode(word, output) {
      for (const token of library.model?.encode([toByteLetters(word)]) ?? []) {
        const id = library.token_to_id(token)
        if (id !== undefined) output.push(id)
      }
    },
  })
  return (text, first, output) => encode(addSpace && first && !text.startsWith(' ') ? ` ${text}` : text, output)
}
