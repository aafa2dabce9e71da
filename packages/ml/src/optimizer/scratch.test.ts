// Dropout masks are Threefry's bits, the same for the same key, and nothing that a test of chance would notice.
import { expect, it } from 'vitest'
import { createScratch, type MaskKey } from './scratch.ts'
import { threefry } from './testing/threefry.ts'

const KEY: MaskKey = { seed: 7, step: 3, micro: 1, site: 5 }

/** 1 where the element is kept. */
function keptOf(key: MaskKey, count: number, probability: number): Uint8Array {
  return Uint8Array.from(createScratch().dropoutMask('mask', count, probability, key), (value) => (value === 0 ? 0 : 1))
}

// Random123 1.14, tests/kat_vectors, "threefry4x32 20": counter, key, result.
it.each([
  [
    [0, 0, 0, 0],
    [0, 0, 0, 0],
    [0x9c6ca96a, 0xe17eae66, 0xfc10ecd4, 0x5256a7d8],
  ],
  [
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    [0x2a881696, 0x57012287, 0xf6c7446e, 0xa16a6732],
  ],
  [
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    [0xa4093822, 0x299f31d0, 0x082efa98, 0xec4e6c89],
    [0x59cd1dbb, 0xb8879579, 0x86b5d00c, 0xac8b6d84],
  ],
])('the generator of these tests is Random123’s: counter %j', (counter, key, result) => {
  expect(threefry(counter, key)).toEqual(result)
})

it.each([0, 1, 31, 32, 33, 1000])('a mask of %i elements has the bits of Threefry with 20 rounds', (count) => {
  const seed = 2 ** 40 + 3
  for (const probability of [0, 0.1, 0.5, 0.9]) {
    const mask = createScratch().dropoutMask('mask', count, probability, { ...KEY, seed })
    const threshold = Math.round(probability * 65_536)
    const expected = Float32Array.from({ length: count }, (_, index) => {
      const [group, word, lane, half] = [index >> 5, (index >> 3) & 3, (index >> 1) & 3, index & 1]
      const words = threefry([4 * group + lane, KEY.site, 0, 0], [seed % 2 ** 32, 2 ** 8, KEY.step, KEY.micro])
      const bits = (words[word]! >>> (16 * half)) & 0xffff
      return bits < threshold ? 0 : 65_536 / (65_536 - threshold)
    })
    expect(mask).toEqual(expected)
  }
})

it('the same key gives the same bytes, whatever was asked before and however much of it is taken', () => {
  const scratch = createScratch()
  const first = scratch.dropoutMask('a', 5000, 0.1, KEY).slice()
  scratch.dropoutMask('b', 100, 0.1, { ...KEY, step: 4 })
  expect(scratch.dropoutMask('a', 5000, 0.1, KEY)).toEqual(first)
  expect(scratch.dropoutMask('a', 77, 0.1, KEY)).toEqual(first.slice(0, 77))
})

it('keeps the share that it is told to, and its mean is 1', () => {
  const count = 2_000_000
  for (const probability of [0.1, 0.5]) {
    const mask = createScratch().dropoutMask('mask', count, probability, KEY)
    const mean = mask.reduce((sum, value) => sum + value, 0) / count
    // Five standard deviations of the mean.
    expect(Math.abs(mean - 1)).toBeLessThan(5 * Math.sqrt(probability / (1 - probability) / count))
  }
})

/** Pearson's statistic of counts against equal shares, as a number of its standard deviations. */
function chiSquareDeviation(counts: readonly number[]): number {
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length
  const statistic = counts.reduce((sum, count) => sum + (count - mean) ** 2 / mean, 0)
  return (statistic - (counts.length - 1)) / Math.sqrt(2 * (counts.length - 1))
}

it('eight neighbours take all their 256 patterns equally often, at every place of a group', () => {
  const kept = keptOf(KEY, 1_024_000, 0.5)
  for (let start = 0; start < 32; start++) {
    const counts = Array.from({ length: 256 }, () => 0)
    for (let at = start; at + 8 <= kept.length; at += 32) {
      let pattern = 0
      for (let bit = 0; bit < 8; bit++) pattern = (pattern << 1) | kept[at + bit]!
      counts[pattern]!++
    }
    expect(Math.abs(chiSquareDeviation(counts))).toBeLessThan(5)
  }
})

it('drops every element of a group equally often', () => {
  const kept = keptOf(KEY, 3_200_000, 0.1)
  const counts = Array.from({ length: 32 }, (_, place) => {
    let dropped = 0
    for (let at = place; at < kept.length; at += 32) dropped += 1 - kept[at]!
    return dropped
  })
  expect(Math.abs(chiSquareDeviation(counts))).toBeLessThan(5)
})

/** Correlation of two masks, as a number of its standard deviations under independence. */
function correlationDeviation(a: Uint8Array, b: Uint8Array): number {
  const count = Math.min(a.length, b.length)
  let both = 0
  let [ones, others] = [0, 0]
  for (let index = 0; index < count; index++) {
    both += a[index]! & b[index]!
    ones += a[index]!
    others += b[index]!
  }
  const [p, q] = [ones / count, others / count]
  return ((both / count - p * q) / Math.sqrt(p * (1 - p) * q * (1 - q))) * Math.sqrt(count)
}

it('masks of neighbouring keys, and a mask and itself moved on, have nothing in common', () => {
  const count = 500_000
  const mask = keptOf(KEY, count, 0.1)
  const neighbours: Partial<MaskKey>[] = [
    { seed: 8 },
    { seed: KEY.seed + 2 ** 32 },
    { step: 4 },
    { micro: 0 },
    { site: 6 },
    { step: KEY.micro, micro: KEY.step },
    { step: KEY.site, site: KEY.step },
  ]
  for (const other of neighbours) {
    expect(Math.abs(correlationDeviation(mask, keptOf({ ...KEY, ...other }, count, 0.1)))).toBeLessThan(5)
  }
  for (const distance of [1, 2, 3, 4, 8, 16, 32, 64, 128, 768]) {
    expect(Math.abs(correlationDeviation(mask, mask.subarray(distance)))).toBeLessThan(5)
  }
})

it('refuses probabilities that leave nothing or are none', () => {
  for (const probability of [1, -0.1, 1.5, Number.NaN]) {
    expect(() => createScratch().dropoutMask('mask', 10, probability, KEY)).toThrow(RangeError)
  }
})

it('gives an array again under its name, lets it grow, and keeps names apart', () => {
  const scratch = createScratch()
  const small = scratch.floats('a', 3).fill(1)
  scratch.floats('b', 100).fill(2)
  scratch.dropoutMask('c', 5, 0, KEY)
  expect(scratch.floats('a', 3)).toEqual(small)
  expect(scratch.floats('a', 12).byteOffset).toBe(small.byteOffset)
  const grown = scratch.floats('a', 100_000).fill(3)
  expect(scratch.floats('b', 100)).toEqual(new Float32Array(100).fill(2))
  expect(scratch.floats('a', 100_000)).toEqual(grown)
  expect(small).toEqual(Float32Array.of(1, 1, 1))
})
