// Which sequences are scored together: of like length, so that little is padded, and few enough tokens.
export interface Sequence {
  /** Which post it belongs to; a long post has several. */
  readonly post: number
  readonly ids: Int32Array
}

/** Longest first: what memory is needed is needed at once. */
export function planBatches(sequences: readonly Sequence[], maxTokens: number): (readonly Sequence[])[] {
  const sorted = [...sequences].sort((a, b) => b.ids.length - a.ids.length)
  const batches: Sequence[][] = []
  let tokens = Number.POSITIVE_INFINITY
  for (const sequence of sorted) {
    if (tokens + sequence.ids.length > maxTokens) {
      batches.push([])
      tokens = 0
    }
    batches.at(-1)?.push(sequence)
    tokens += sequence.ids.length
  }
  return batches
}
