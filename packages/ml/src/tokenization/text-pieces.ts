// Cuts a long text in pieces that can be tokenised one after the other.

/** Most posts are one piece; nothing longer than this is tokenised at once. */
export const PIECE_CHARS = 4_096

const COMBINING = /^(?:\p{M}|\u200d|\ufe0f)/u

/**
 * Yields the text in pieces of at most `size` UTF-16 units. A cut falls before a single space between two words, where
 * both tokenizer families begin a new word anyway, so that the ids are those of the whole text; a stretch without such a
 * space is cut between two characters, never inside a surrogate pair, and before no combining mark if that can be helped.
 */
export function* splitPieces(text: string, size: number = PIECE_CHARS): Generator<string> {
  let start = 0
  while (text.length - start > size) {
    const cut = findCut(text, start, start + size)
    yield text.slice(start, cut)
    start = cut
  }
  if (start < text.length || start === 0) yield start === 0 ? text : text.slice(start)
}

function findCut(text: string, start: number, limit: number): number {
  for (let cut = limit; cut > start + 1; cut--) {
    if (text[cut] === ' ' && !isSpace(text, cut - 1) && !isSpace(text, cut + 1)) return cut
  }
  for (let cut = limit; cut > Math.max(start + 1, limit - 32); cut--) {
    if (!COMBINING.test(text.slice(cut, cut + 2)) && !isInsidePair(text, cut)) return cut
  }
  return isInsidePair(text, limit) ? limit - 1 : limit
}

function isSpace(text: string, index: number): boolean {
  return index >= text.length || /\s/.test(text.charAt(index))
}

function isInsidePair(text: string, index: number): boolean {
  const unit = text.charCodeAt(index)
  return unit >= 0xdc00 && unit <= 0xdfff
}
