// Batches hold every text once and keep to their budgets.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseTrainingArguments } from './arguments/parse-arguments.ts'
import { cutByTokens, cutMicroBatches, cutUpdates } from './cut-batches.ts'

const lengthsOf = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 120 })
const budgets = fc.integer({ min: 1, max: 300 })
const sumOf = (places: readonly number[], lengths: readonly number[]) =>
  places.reduce((sum, place) => sum + lengths[place]!, 0)

describe('batches by tokens', () => {
  it('keep the order and the budget, and are full: the next text would not fit', () => {
    fc.assert(
      fc.property(lengthsOf, budgets, (lengths, budget) => {
        const order = lengths.map((_, index) => lengths.length - 1 - index)
        const batches = cutByTokens(order, lengths, budget)
        expect(batches.flat()).toEqual(order)
        batches.forEach((batch, index) => {
          if (batch.length > 1) expect(sumOf(batch, lengths)).toBeLessThanOrEqual(budget)
          const next = batches[index + 1]?.[0]
          if (next !== undefined) expect(sumOf(batch, lengths) + lengths[next]!).toBeGreaterThan(budget)
        })
      }),
    )
  })
})

describe('parts of an update', () => {
  it('hold every text once, in order, within the budget unless a text is longer by itself', () => {
    fc.assert(
      fc.property(lengthsOf, budgets, (lengths, budget) => {
        const parts = cutMicroBatches(lengths, budget)
        expect(parts.flat().sort((a, b) => a - b)).toEqual(lengths.map((_, index) => index))
        for (const part of parts) {
          expect(part).toEqual([...part].sort((a, b) => a - b))
          if (part.length > 1) expect(sumOf(part, lengths)).toBeLessThanOrEqual(budget)
        }
      }),
    )
  })

  it('are one where all fits', () => {
    expect(cutMicroBatches([5, 9, 3], 17)).toEqual([[0, 1, 2]])
  })

  it('are of about the same size where it does not', () => {
    const lengths = new Array<number>(40).fill(30)
    expect(cutMicroBatches(lengths, 1_100).map((part) => part.length)).toEqual([20, 20])
  })
})

describe('updates', () => {
  const order = [4, 2, 0, 1, 3, 6, 5]
  const lengths = [4, 4, 4, 4, 4, 4, 4]

  it('take the batches of an accumulation, the last ones what is left', () => {
    const settings = parseTrainingArguments({ per_device_train_batch_size: 2, gradient_accumulation_steps: 3 })
    expect(cutUpdates(order, lengths, settings)).toEqual({ batches: 4, updates: [[4, 2, 0, 1, 3, 6], [5]] })
  })

  it('leave out a short last batch where asked to', () => {
    const settings = parseTrainingArguments({
      per_device_train_batch_size: 2,
      gradient_accumulation_steps: 2,
      dataloader_drop_last: true,
    })
    expect(cutUpdates(order, lengths, settings)).toEqual({
      batches: 3,
      updates: [
        [4, 2, 0, 1],
        [3, 6],
      ],
    })
  })

  it('are cut by tokens where there is a budget', () => {
    const settings = parseTrainingArguments({ max_tokens_per_batch: 9, gradient_accumulation_steps: 2 })
    expect(cutUpdates(order, lengths, settings).updates).toEqual([
      [4, 2, 0, 1],
      [3, 6, 5],
    ])
  })
})
