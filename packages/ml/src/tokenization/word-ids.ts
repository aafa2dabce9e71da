// A text's ids, word by word, with a bounded memory of words already encoded.

export interface WordEncoding {
  /** Finds the words; a global pattern. A word's ids depend on the word alone. */
  readonly pattern: RegExp
  /** Appends the ids of one word. */
  encode(word: string, output: number[]): void
}

const CACHED_WORDS = 50_000
const CACHED_WORD_CHARS = 64

/** Returns a function that appends the ids of a text to `output`. */
export function createWordEncoder(encoding: WordEncoding): (text: string, output: number[]) => void {
  const cache = new Map<string, readonly number[]>()
  const remember = (word: string): readonly number[] => {
    const ids: number[] = []
    encoding.encode(word, ids)
    if (word.length > CACHED_WORD_CHARS) return ids
    if (cache.size >= CACHED_WORDS) cache.clear()
    // A copy of the key, so that a few letters don't keep the whole text alive.
    cache.set(Buffer.from(word).toString(), ids)
    return ids
  }
  return (text, output) => {
    for (const word of text.match(encoding.pattern) ?? []) {
      for (const id of cache.get(word) ?? remember(word)) output.push(id)
    }
  }
}
