// Which words a reference has: one bit a word, so that the words themselves are not kept.

/** 2^18 bits, 32 KiB. Words that share a bit count as one, in the reference and in what is compared with it alike. */
export const WORD_SET_BYTES = 32_768

export type WordSet = Uint8Array

export function createWordSet(): WordSet {
  return new Uint8Array(WORD_SET_BYTES)
}

/** The word's bit: its upper bits, because the lower ones choose its group. */
export function wordPlace(hash: number): number {
  return hash >>> 14
}

export function addWord(set: WordSet, hash: number): void {
  const place = wordPlace(hash)
  set[place >>> 3] = (set[place >>> 3] ?? 0) | (1 << (place & 7))
}

export function hasWord(set: WordSet, hash: number): boolean {
  const place = wordPlace(hash)
  return ((set[place >>> 3] ?? 0) & (1 << (place & 7))) !== 0
}

/** Share of a post's words that the set doesn't have; 0 for a post without words. */
export function noveltyOf(known: WordSet, words: Uint32Array): number {
  if (words.length === 0) return 0
  return words.reduce((count, hash) => count + (hasWord(known, hash) ? 0 : 1), 0) / words.length
}
