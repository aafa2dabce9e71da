// Short signatures that agree where sets of shingles do: MinHash (Broder 1997), cut into bands.
import { createXoshiro } from '../evaluate/random.ts'
import { mixBits } from './shingles.ts'

/** Two sets of Jaccard similarity s share each band with probability s^4: two of 24 with 0.99994 at 0.8, 0.9987 at 0.75. */
export const BANDS = 24
const ROWS_PER_BAND = 4

/** Writes the hashes of the bands of a set's signature to `into` from `offset` on. */
export type BandHasher = (set: Uint32Array, into: Uint32Array, offset: number) => void

export function createBandHasher(): BandHasher {
  const random = createXoshiro([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344])
  const factors = Int32Array.from({ length: BANDS * ROWS_PER_BAND }, () => random() | 1)
  const offsets = Int32Array.from(factors, () => random())
  return (set, into, offset) => {
    const signature = signatureOf(set, factors, offsets)
    for (let band = 0; band < BANDS; band++) {
      let hash = band
      for (let row = band * ROWS_PER_BAND; row < (band + 1) * ROWS_PER_BAND; row++) {
        hash = mixBits(hash ^ (signature[row] ?? 0)) + row
      }
      into[offset + band] = mixBits(hash)
    }
  }
}

/** Each permutation is a multiplication and an addition modulo 2^32; what counts is its smallest value over the set. */
function signatureOf(set: Uint32Array, factors: Int32Array, offsets: Int32Array): Uint32Array {
  const signature = new Uint32Array(factors.length)
  for (let row = 0; row < factors.length; row++) {
    const factor = factors[row] ?? 0
    const shift = offsets[row] ?? 0
    let smallest = 0xffffffff
    for (let index = 0; index < set.length; index++) {
      const value = (Math.imul(set[index] ?? 0, factor) + shift) >>> 0
      if (value < smallest) smallest = value
    }
    signature[row] = smallest
  }
  return signature
}
