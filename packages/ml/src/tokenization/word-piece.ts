// WordPiece: the longest token of the vocabulary at every position, or the unknown token for the whole word.

export interface WordPieceModel {
  readonly ids: ReadonlyMap<string, number>
  readonly unknownId: number
  readonly prefix: string
  /** Words with more code points than this are unknown. */
  readonly maxWordChars: number
  /** The longest token in UTF-16 units: no longer piece is looked up, which bounds the work on hostile words. */
  readonly longestToken: number
}

export function createWordPieceModel(
  ids: ReadonlyMap<string, number>,
  options: { unknownId: number; prefix: string; maxWordChars: number },
): WordPieceModel {
  let longestToken = 1
  for (const token of ids.keys()) longestToken = Math.max(longestToken, token.length)
  return { ids, ...options, longestToken }
}

/** Appends the ids of one word (Wu et al. 2016; `WordPiece::tokenize` of the tokenizers crate). */
export function appendWordPieces(word: string, model: WordPieceModel, output: number[]): void {
  const whole = model.ids.get(word)
  if (whole !== undefined && word.length <= model.maxWordChars) {
    output.push(whole)
    return
  }
  const mark = output.length
  if (codePoints(word) <= model.maxWordChars && appendPieces(word, model, output)) return
  output.length = mark
  output.push(model.unknownId)
}

function appendPieces(word: string, model: WordPieceModel, output: number[]): boolean {
  let start = 0
  while (start < word.length) {
    const end = appendLongest(word, start, model, output)
    if (end === start) return false
    start = end
  }
  return true
}

function appendLongest(word: string, start: number, model: WordPieceModel, output: number[]): number {
  const prefix = start > 0 ? model.prefix : ''
  let end = Math.min(word.length, start + model.longestToken - prefix.length)
  for (; end > start; end--) {
    if (isInsidePair(word, end)) continue
    const id = model.ids.get(prefix + word.slice(start, end))
    if (id === undefined) continue
    output.push(id)
    return end
  }
  return start
}

function isInsidePair(word: string, index: number): boolean {
  if (index >= word.length) return false
  const unit = word.charCodeAt(index)
  return unit >= 0xdc00 && unit <= 0xdfff
}

function codePoints(word: string): number {
  let count = 0
  for (let i = 0; i < word.length; i++) if (!isInsidePair(word, i)) count++
  return count
}
