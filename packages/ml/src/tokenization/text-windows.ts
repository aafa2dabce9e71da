// Overlapping windows over the tokens of a text that is longer than the model sees at once.

export interface TokenRange {
  readonly start: number
  readonly end: number
}

/**
 * Plans the windows over `tokens` tokens, each at most `capacity` long: one if they fit; otherwise as few as have overlaps
 * of at least a quarter of a window, all full, evenly spread, the last ending with the text.
 */
export function planWindows(tokens: number, capacity: number): TokenRange[] {
  if (tokens <= capacity) return [{ start: 0, end: tokens }]
  const stride = capacity - Math.floor(capacity / 4)
  const count = 1 + Math.ceil((tokens - capacity) / stride)
  return Array.from({ length: count }, (_, index) => {
    const start = Math.floor((index * (tokens - capacity)) / (count - 1))
    return { start, end: start + capacity }
  })
}
