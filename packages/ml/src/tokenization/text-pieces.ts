// Cuts a long text in pieces that can be tokenised one after the other.

/** Most posts are one piece; nothing longer than this is tokenised at once. */
export const PIECE_CHARS = 4_096

const COMBINING = /^(?:\p{M}|\u200d|\ufe0f)/u

/** White space to BERT and to RoBERTa alike, and everything that is to either of them. */
const SPACE = /[ \t\n\r]/
const ANY_SPACE = /[\s\u0085]/

/**
 * Yields the text in pieces of at most `size` UTF-16 units. A cut falls before the first or the last character of a run of
 * white space, where both tokenizer families begin a new word anyway, so that the ids are those of the whole text. Where
 * there is none, it falls inside a run of white space, or between two characters (never inside a surrogate pair, and before
 * no combining mark if that can be helped): such a text may get other ids there than in one piece. A word of more than 100
 * characters, for example, is unknown to BERT once for each piece.
 */
export function* splitPieces(text: string, size: number = PIECE_CHARS): Generator<string> {
  let start = 0
  while (text.length - start > size) {
    const cut = findCut(text, start, start + size)
    yield text.slice(start, cut)
    start = cut
  }
  yield start === 0 ? text : text.slice(start)
}

function findCut(text: string, start: number, limit: number): number {
  let inSpace = 0
  for (let cut = limit; cut > start; cut--) {
    if (!SPACE.test(text.charAt(cut))) continue
    if (beginsWord(text, cut)) return cut
    inSpace ||= cut
  }
  return inSpace || findCharacter(text, start, limit)
}

function beginsWord(text: string, cut: number): boolean {
  const isLast = cut + 1 < text.length && !ANY_SPACE.test(text.charAt(cut + 1))
  return isLast || !ANY_SPACE.test(text.charAt(cut - 1))
}

function findCharacter(text: string, start: number, limit: number): number {
  for (let cut = limit; cut > Math.max(start, limit - 32); cut--) {
    if (!COMBINING.test(text.slice(cut, cut + 2)) && !isInsidePair(text, cut)) return cut
  }
  return isInsidePair(text, limit) && limit - 1 > start ? limit - 1 : limit
}

function isInsidePair(text: string, index: number): boolean {
  const unit = text.charCodeAt(index)
  return unit >= 0xdc00 && unit <= 0xdfff
}
