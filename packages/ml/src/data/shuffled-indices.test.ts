// The order of rows is the one of datasets and NumPy, from their own output.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { seedWords } from './seed-sequence.ts'
import { shuffledIndices } from './shuffled-indices.ts'

const golden = JSON.parse(await readFile(new URL('../../fixtures/shuffle.json', import.meta.url), 'utf8')) as Readonly<
  Record<string, readonly number[]>
>

const hashOf = (order: Uint32Array): string => createHash('sha256').update(order).digest('hex')

describe('shuffledIndices', () => {
  test.each(Object.entries(golden))('rows, seed %s: as datasets shuffles them', (key, expected) => {
    const [rows, seed] = key.split(',').map(Number)
    const order = shuffledIndices(rows ?? 0, seed ?? 0)
    expect([...order.slice(0, expected.length)]).toEqual(expected)
    expect(Uint32Array.from(order).sort()).toEqual(Uint32Array.from({ length: rows ?? 0 }, (_, row) => row))
  })

  // numpy 2.4.6: hashlib.sha256(numpy.random.default_rng(seed).permutation(n).astype('<u4').tobytes())
  test.each([
    [45_615, 42, 'bc3f18cc4c1637243b5af4acab2f2ad4a4f28bb8871034680d26599f00e525eb'],
    [100_000, 123_456_789_012_345, '210a872d6f6c7f27f67718b579c40b4825aaafa11ff7c7e7ef48d55e3007e1d4'],
  ])('all of %i rows, seed %i: as NumPy permutes them', (rows, seed, hash) => {
    expect(hashOf(shuffledIndices(rows, seed))).toBe(hash)
  })

  test.each([
    [1, 42, [0]],
    [2, 1, [0, 1]],
    [3, 0, [2, 0, 1]],
    [12, 2 ** 32 - 1, [1, 4, 0, 6, 8, 7, 10, 3, 11, 5, 2, 9]],
    [12, 2 ** 32, [0, 7, 1, 11, 3, 10, 4, 6, 9, 8, 2, 5]],
    [12, Number.MAX_SAFE_INTEGER, [10, 7, 0, 6, 3, 11, 9, 2, 8, 4, 1, 5]],
    [0, 42, []],
  ])('%i rows, seed %i', (rows, seed, expected) => {
    expect([...shuffledIndices(rows, seed)]).toEqual(expected)
  })

  test('refuses what is no number of rows and no seed', () => {
    for (const rows of [-1, 1.5, Number.NaN, 2 ** 32]) expect(() => shuffledIndices(rows, 1)).toThrow(RangeError)
    for (const seed of [-1, 0.5, Number.NaN, 2 ** 53]) expect(() => shuffledIndices(3, seed)).toThrow(RangeError)
  })
})

test('seeds are spread as SeedSequence spreads them', () => {
  // numpy.random.SeedSequence(42).generate_state(4)
  expect([...seedWords(42, 4)]).toEqual([3444837047, 2669555309, 2046530742, 3581440988])
})
