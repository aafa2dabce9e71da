// The order in which datasets' `.shuffle(seed)` puts rows.
import { createPcg64 } from './pcg64.ts'

const MOST_ROWS = 0xffffffff

/**
 * Row numbers in the order of `Dataset.shuffle(seed=seed)`, which is `numpy.random.default_rng(seed).permutation(n)`:
 * `.shuffle(seed=42).select(range(100))` takes the first hundred. Well under a microsecond a row.
 *
 * Throws a RangeError where `n` isn't a whole number from 0 to 2^32 − 1, or `seed` one from 0 to 2^53 − 1.
 */
export function shuffledIndices(n: number, seed: number): Uint32Array {
  if (!Number.isInteger(n) || n < 0 || n > MOST_ROWS) {
    throw new RangeError(`Cannot shuffle: expected a number of rows from 0 to ${MOST_ROWS}, got ${n}`)
  }
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new RangeError(`Cannot shuffle: expected a seed from 0 to 2^53 - 1, got ${seed}`)
  }
  const next = createPcg64(seed)
  const order = Uint32Array.from({ length: n }, (_, index) => index)
  for (let last = n - 1; last > 0; last--) {
    const other = drawUpTo(last, next)
    const moved = order[last] ?? 0
    order[last] = order[other] ?? 0
    order[other] = moved
  }
  return order
}

/** From 0 to `most`: as many bits as that has, drawn again where they are more (`random_interval` of NumPy). */
function drawUpTo(most: number, next: () => number): number {
  const unused = Math.clz32(most)
  let drawn = (next() << unused) >>> unused
  while (drawn > most) drawn = (next() << unused) >>> unused
  return drawn
}
