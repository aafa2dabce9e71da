// BERT's text cleaning and word splitting, character for character as the tokenizers crate does it.

export interface BertNormalization {
  readonly cleanText: boolean
  readonly handleChineseChars: boolean
  readonly stripAccents: boolean
  readonly lowercase: boolean
}

/**
 * Runs between the characters that BERT takes for white space once control characters are gone (U+000B, U+000C and U+0085
 * are control characters and go without a trace). Neither cleaning nor composition reaches across them, so that a word's
 * ids depend on the word alone.
 */
export const BERT_WORD: RegExp = /[^ \t\n\r\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/g

const PRINTABLE_ASCII = /^[\x20-\x7e]*$/
const CONTROL = /[\0\ufffd\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu
const NONSPACING_MARK = /\p{Mn}/gu
// is_chinese_char of the tokenizers crate, normalizers/bert.rs: the CJK Unified Ideographs blocks, not kana or hangul.
const CHINESE =
  /[\u4e00-\u9fff\u3400-\u4dbf\u{20000}-\u{2a6df}\u{2a700}-\u{2b73f}\u{2b740}-\u{2b81f}\u{2b920}-\u{2ceaf}\uf900-\ufaff\u{2f800}-\u{2fa1f}]/gu
const BERT_PIECE = /[^\s\p{P}\x21-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e]+|[\p{P}\x21-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e]/gu

/**
 * Cleans one run of characters without white space, in the crate's order: control characters, CJK, accents, case.
 * (The library lowers the case first, with JavaScript's rule for a final sigma, and misses CJK beyond U+FFFF.)
 */
export function normalizeBertWord(word: string, options: BertNormalization): string {
  if (PRINTABLE_ASCII.test(word)) return options.lowercase ? word.toLowerCase() : word
  let text = options.cleanText ? word.replace(CONTROL, '') : word
  if (options.handleChineseChars) text = text.replace(CHINESE, ' $& ')
  if (options.stripAccents) text = text.normalize('NFD').replace(NONSPACING_MARK, '')
  return options.lowercase ? lowerEachCharacter(text) : text
}

/** Splits at white space and sets every punctuation character apart (BertPreTokenizer). */
export function splitBertWords(text: string): readonly string[] {
  return text.match(BERT_PIECE) ?? []
}

/** Lower case without context: sigma is σ at the end of a word too. */
function lowerEachCharacter(text: string): string {
  const lower = text.toLowerCase()
  return text.includes('Σ') ? Array.from(text, (character) => character.toLowerCase()).join('') : lower
}
