// Turns are taken in order.
import { expect, it } from 'vitest'
import { Turns } from './turns.ts'

it('turns are taken one at a time, in the order of asking', async () => {
  const turns = new Turns()
  const seen: number[] = []
  let holders = 0
  await Promise.all(
    [0, 1, 2, 3].map(async (index) => {
      await turns.take()
      expect(++holders).toBe(1)
      await new Promise(setImmediate)
      seen.push(index)
      holders--
      turns.pass()
    }),
  )
  expect(seen).toEqual([0, 1, 2, 3])
})
