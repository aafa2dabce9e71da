// The standard normal distribution, for bounds and power.

/** Beyond it, every tail is below 1e-15. */
const FAR = 8

/** Probability of a value up to `x`, by Marsaglia's series (2004, "Evaluating the Normal Distribution", section 3). */
export function normalCdf(x: number): number {
  if (x <= -FAR) return 0
  if (x >= FAR) return 1
  let sum = x
  let term = x
  for (let i = 3, before = 0; sum !== before; i += 2) {
    before = sum
    term *= (x * x) / i
    sum += term
  }
  return 0.5 + sum * (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI))
}

/** The value that a share of the distribution lies below, by halving; `share` strictly between 0 and 1. */
export function normalQuantile(share: number): number {
  let low = -FAR
  let high = FAR
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2
    if (normalCdf(middle) < share) low = middle
    else high = middle
  }
  return (low + high) / 2
}
