// Orders of epochs: permutations that can be made again, grouped by length where asked for.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { groupByLength, orderEpoch } from './epoch-order.ts'

const sorted = (values: readonly number[]) => [...values].sort((a, b) => a - b)

describe('the order of an epoch', () => {
  it('has every text once, whatever the strategy', () => {
    const strategies = fc.constantFrom('random' as const, 'sequential' as const, 'group_by_length' as const)
    const lengths = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 300 })
    fc.assert(
      fc.property(
        strategies,
        lengths,
        fc.nat(),
        fc.nat(20),
        fc.integer({ min: 1, max: 40 }),
        (strategy, all, seed, epoch, grouping) => {
          expect(sorted(orderEpoch(strategy, all, { seed, epoch, grouping }))).toEqual(all.map((_, index) => index))
        },
      ),
    )
  })

  it('is the same for the same seed and epoch, and another for others', () => {
    const lengths = new Array<number>(50).fill(5)
    const order = (seed: number, epoch: number) => orderEpoch('random', lengths, { seed, epoch, grouping: 8 }).join()
    expect(order(42, 3)).toBe(order(42, 3))
    const orders = [0, 1, 2, 41, 42, 43, 2 ** 32 - 1].flatMap((seed) => [0, 1, 2, 3].map((epoch) => order(seed, epoch)))
    expect(new Set(orders).size).toBe(orders.length)
  })

  it('puts every text at every place about as often', () => {
    const counts = Array.from({ length: 6 }, () => new Array<number>(6).fill(0))
    for (let epoch = 0; epoch < 6_000; epoch++) {
      orderEpoch('random', [1, 1, 1, 1, 1, 1], { seed: 7, epoch, grouping: 1 }).forEach((text, place) => {
        counts[text]![place]! += 1
      })
    }
    // 1,000 expected, standard deviation 29.
    for (const count of counts.flat()) expect(Math.abs(count - 1_000)).toBeLessThan(150)
  })

  it("groups as transformers' get_length_grouped_indices does from the same permutation", () => {
    const lengths = [
      19, 25, 36, 4, 32, 18, 6, 13, 10, 26, 33, 18, 27, 37, 9, 39, 18, 3, 16, 29, 20, 14, 27, 13, 7, 11, 31, 11, 11, 3,
      3, 16, 16, 13, 13, 21, 23,
    ]
    const shuffled = [
      3, 6, 32, 15, 20, 1, 17, 31, 28, 16, 14, 7, 25, 27, 26, 21, 23, 22, 29, 18, 19, 30, 10, 2, 8, 4, 5, 35, 33, 0, 9,
      24, 36, 11, 13, 34, 12,
    ]
    expect(groupByLength(shuffled, lengths, 3)).toEqual([
      15, 1, 20, 32, 31, 28, 6, 3, 17, 26, 22, 16, 21, 7, 23, 25, 27, 14, 2, 10, 4, 19, 5, 18, 8, 29, 30, 13, 9, 36, 35,
      0, 11, 33, 34, 24, 12,
    ])
    expect(groupByLength(shuffled, lengths, 16)).toEqual([
      15, 26, 1, 20, 16, 32, 31, 21, 7, 28, 25, 27, 14, 6, 3, 17, 2, 10, 4, 19, 22, 9, 35, 0, 5, 18, 23, 33, 8, 24, 29,
      30, 13, 12, 36, 11, 34,
    ])
  })
})
