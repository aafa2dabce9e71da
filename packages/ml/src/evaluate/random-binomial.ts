// Random numbers of the binomial distribution, in a time that doesn't grow with the number of trials.

/** How many of `trials` succeed, each with this probability. */
export type RandomBinomial = (trials: number, probability: number) => number

/** Below this mean counting up from 0 is the faster way, and above it the rejection holds. */
const SMALL_MEAN = 10

/** `share` gives uniform numbers strictly between 0 and 1. */
export function createRandomBinomial(share: () => number): RandomBinomial {
  return (trials, probability) => {
    if (trials <= 0 || probability <= 0) return 0
    if (probability >= 1) return trials
    const isFlipped = probability > 0.5
    const rare = isFlipped ? 1 - probability : probability
    const drawn = trials * rare < SMALL_MEAN ? countUp(share, trials, rare) : reject(share, trials, rare)
    return isFlipped ? trials - drawn : drawn
  }
}

/** Inversion: the first count whose cumulative probability passes a uniform number. */
function countUp(share: () => number, trials: number, probability: number): number {
  const odds = probability / (1 - probability)
  let mass = (1 - probability) ** trials
  let left = share()
  let count = 0
  while (left > mass && count < trials) {
    left -= mass
    count++
    mass *= (odds * (trials - count + 1)) / count
  }
  return count
}

/** Transformed rejection (Hörmann 1993, "The generation of binomial random variates", algorithm BTRS). */
function reject(share: () => number, trials: number, probability: number): number {
  const odds = probability / (1 - probability)
  const spread = Math.sqrt(trials * probability * (1 - probability))
  const b = 1.15 + 2.53 * spread
  const a = -0.0873 + 0.0248 * b + 0.01 * probability
  const centre = trials * probability + 0.5
  const squeeze = 0.92 - 4.2 / b
  const alpha = (2.83 + 5.1 / b) * spread
  const mode = Math.floor((trials + 1) * probability)
  for (;;) {
    const u = share() - 0.5
    const v = share()
    const edge = 0.5 - Math.abs(u)
    const count = Math.floor(((2 * a) / edge + b) * u + centre)
    if (edge >= 0.07 && v <= squeeze) return count
    if (count < 0 || count > trials) continue
    const height = Math.log((v * alpha) / (a / (edge * edge) + b))
    if (height <= logMassOverMode(trials, odds, mode, count)) return count
  }
}

/** Logarithm of the probability of `count` over that of the mode, with the factorials by Stirling's formula. */
function logMassOverMode(trials: number, odds: number, mode: number, count: number): number {
  const rest = trials - mode + 1
  const other = trials - count + 1
  return (
    (mode + 0.5) * Math.log((mode + 1) / (odds * rest)) +
    (trials + 1) * Math.log(rest / other) +
    (count + 0.5) * Math.log((odds * other) / (count + 1)) +
    stirlingTail(mode) +
    stirlingTail(trials - mode) -
    stirlingTail(count) -
    stirlingTail(trials - count)
  )
}

/** log(k!) less what Stirling's formula gives, for k from 0 to 9. */
const TAILS = [
  0.081061466795327, 0.041340695955409, 0.027677925684998, 0.020790672103765, 0.016644691189821, 0.013876128823071,
  0.011896709945892, 0.010411265261972, 0.009255462182713, 0.008330563433363,
]

function stirlingTail(k: number): number {
  const tail = TAILS[k]
  if (tail !== undefined) return tail
  const next = k + 1
  return (1 / 12 - (1 / 360 - 1 / 1260 / (next * next)) / (next * next)) / next
}
