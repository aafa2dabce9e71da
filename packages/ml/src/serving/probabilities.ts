// From logits to probabilities, and from the windows of a long text to one answer.

/** exp(logit / temperature), normalised; the true maximum is taken out first, so nothing overflows. */
export function softmax(logits: ArrayLike<number>, temperature = 1): number[] {
  const scaled = Array.from(logits, (logit) => logit / temperature)
  const largest = Math.max(...scaled)
  const powers = scaled.map((logit) => Math.exp(logit - largest))
  const sum = powers.reduce((total, power) => total + power, 0)
  return powers.map((power) => power / sum)
}

/** The mean of the windows' probabilities, each weighted by its number of tokens. */
export function combineWindows(probabilities: readonly (readonly number[])[], tokens: readonly number[]): number[] {
  const total = tokens.reduce((sum, count) => sum + count, 0)
  const classes = probabilities[0]?.length ?? 0
  return Array.from({ length: classes }, (_, label) =>
    probabilities.reduce((sum, window, index) => sum + window[label]! * (tokens[index]! / total), 0),
  )
}
