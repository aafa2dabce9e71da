// NumPy's default generator of random bits: PCG64 (O'Neill 2014), XSL-RR output.
import { seedWords } from './seed-sequence.ts'

const MULTIPLIER = 0x2360ed051fc65da44385df649fccf645n
const MASK_64 = 0xffffffffffffffffn
const MASK_128 = 0xffffffffffffffffffffffffffffffffn

/**
 * The numbers of 32 bits that `numpy.random.default_rng(seed)` draws: each number of 64 bits gives two, the lower half
 * first (numpy/random/src/pcg64).
 */
export function createPcg64(seed: number): () => number {
  const { state: first, increment } = seedState(seed)
  let state = first
  let upper = -1
  return () => {
    if (upper >= 0) {
      const kept = upper
      upper = -1
      return kept
    }
    state = (state * MULTIPLIER + increment) & MASK_128
    const bits = rotateOutput(state)
    upper = Number(bits >> 32n)
    return Number(bits & 0xffffffffn)
  }
}

function seedState(seed: number): { state: bigint; increment: bigint } {
  const words = seedWords(seed, 8)
  // Words of 64 bits come lower half first; of the two words of each number, the upper comes first.
  const word = (index: number): bigint => (BigInt(words[2 * index + 1] ?? 0) << 32n) | BigInt(words[2 * index] ?? 0)
  const initial = (word(0) << 64n) | word(1)
  const stream = (word(2) << 64n) | word(3)
  const increment = ((stream << 1n) | 1n) & MASK_128
  const state = ((increment + initial) * MULTIPLIER + increment) & MASK_128
  return { state, increment }
}

function rotateOutput(state: bigint): bigint {
  const folded = ((state >> 64n) ^ state) & MASK_64
  const rotation = state >> 122n
  return ((folded >> rotation) | (folded << (64n - rotation))) & MASK_64
}
