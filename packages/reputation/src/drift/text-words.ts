// The words of a post, as numbers that can't be turned back into text.

/** Addresses, mentions and entities say who and where, not what about. */
const NOT_WORDS = /https?(:\S*)?|@\w+|&#?\w+;/giu
/** East Asian scripts have no spaces between words: each sign counts. */
const WORD = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{M}\p{N}]+/gu
const MOST_CHARS = 4000
const MOST_WORDS = 300

/** The post without addresses and mentions; of a long one the beginning. */
export function plainText(text: string): string {
  return text.slice(0, MOST_CHARS).replace(NOT_WORDS, ' ').replace(/\s+/g, ' ').trim()
}

/** In lower case, in their order. */
export function splitWords(plain: string): readonly string[] {
  return (plain.toLowerCase().match(WORD) ?? []).slice(0, MOST_WORDS)
}

/** Hashes of the words, each once. */
export function hashWords(words: readonly string[]): Uint32Array {
  return Uint32Array.from(new Set(words.map(hashWord)))
}

/** FNV-1a over UTF-16 units, its bits mixed as at the end of MurmurHash3, so that any of them can be cut out. */
export function hashWord(word: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < word.length; at++) hash = Math.imul(hash ^ word.charCodeAt(at), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
