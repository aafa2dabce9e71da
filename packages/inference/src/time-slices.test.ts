// Long work lets the event loop in between.
import { describe, expect, it } from 'vitest'
import { TimeSlices } from './time-slices.ts'

describe('time slices', () => {
  it('let the event loop in between two pieces of long work', async () => {
    const slices = new TimeSlices()
    let turns = 0
    const count = setInterval(() => turns++, 0)
    let yields = 0
    for (const end = performance.now() + 100; performance.now() < end; ) {
      if (!slices.isSpent()) continue
      yields++
      await slices.next()
    }
    clearInterval(count)
    expect(yields).toBeGreaterThan(1)
    expect(turns).toBeGreaterThan(1)
  })

  it('serve those who wait one a turn, in order', async () => {
    const slices = new TimeSlices()
    const seen: string[] = []
    const note = async (name: string) => {
      await slices.next()
      seen.push(name)
      setImmediate(() => seen.push(`after ${name}`))
    }
    await Promise.all([note('a'), note('b'), note('c')])
    expect(seen.filter((name) => name.length === 1)).toEqual(['a', 'b', 'c'])
    expect(seen.indexOf('after a')).toBeLessThan(seen.indexOf('c'))
  })
})
