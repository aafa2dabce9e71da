// A small seeded generator, so that every interval can be computed again.

/** Returns whole numbers from 0 to `below` − 1, each as likely as the others. */
export type RandomIndex = (below: number) => number

/** xoshiro128** (Blackman & Vigna 2018), its state filled by splitmix32 from the seed. */
export function createRandomIndex(seed: number): RandomIndex {
  const next = createSeeded(seed)
  return (below) => {
    // Numbers past the last whole multiple of `below` are drawn again, so that no remainder is favoured.
    const limit = 0x100000000 - (0x100000000 % below)
    let bits = next()
    while (bits >= limit) bits = next()
    return bits % below
  }
}

/** Returns numbers strictly between 0 and 1, of the same generator. */
export function createRandomShare(seed: number): () => number {
  const next = createSeeded(seed)
  return () => (next() + 0.5) / 0x100000000
}

function createSeeded(seed: number): () => number {
  const split = createSplitMix(seed)
  return createXoshiro([split(), split(), split(), split()])
}

export function createXoshiro(state: readonly [number, number, number, number]): () => number {
  let [a, b, c, d] = state
  return () => {
    const rotated = Math.imul(b, 5)
    const result = Math.imul((rotated << 7) | (rotated >>> 25), 9) >>> 0
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = (d << 11) | (d >>> 21)
    return result
  }
}

function createSplitMix(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x9e3779b9) | 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return (mixed ^ (mixed >>> 15)) | 0
  }
}
