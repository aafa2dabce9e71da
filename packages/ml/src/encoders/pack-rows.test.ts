// Every token of every text has one place, and no text looks at another.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { packRows, planRows } from './pack-rows.ts'

const lengthsOf = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 40 })

describe('rows', () => {
  it('hold every sequence whole, without overlap', () => {
    fc.assert(
      fc.property(lengthsOf, (lengths) => {
        const plan = planRows(lengths, 384)
        const sequences = lengths.map((length, index) => new Int32Array(length).fill(index + 1000))
        const packed = packRows(sequences, plan, { padId: 7, firstPosition: 2 })
        const total = lengths.reduce((sum, length) => sum + length, 0)
        expect(packed.inputIds.filter((id) => id !== 7).length).toBe(total)
        lengths.forEach((length, index) => {
          const start = packed.firstTokens[index]!
          expect(Math.floor(start / plan.length)).toBe(packed.firstRows[index])
          expect(Math.floor((start + length - 1) / plan.length)).toBe(packed.firstRows[index])
          expect([...packed.inputIds.subarray(start, start + length)]).toEqual([...sequences[index]!])
          expect(packed.positionIds[start + length - 1]).toBe(2 + length - 1)
          expect(packed.segmentIds.subarray(start, start + length).every((segment) => segment === index + 1)).toBe(true)
        })
      }),
    )
  })

  it('of one text are as long as it is', () => {
    expect(planRows([23], 384)).toMatchObject({ rows: 1, length: 23 })
  })

  it('of short texts waste less than padding each to the longest', () => {
    const lengths = [60, 20, 22, 18, 30, 29, 12, 9, 41, 19]
    const plan = planRows(lengths, 384)
    expect(plan.rows * plan.length).toBeLessThan(0.6 * lengths.length * 60)
  })
})
