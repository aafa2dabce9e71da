// When a failed worker starts again.
import { describe, expect, it } from 'vitest'
import { planRestart } from './plan-restart.ts'

describe('planning a restart', () => {
  it('starts again at once after the first failure, then waits twice as long each time, half a minute at most', () => {
    const delays = [1, 2, 3, 4, 5, 10, 100].map((failures) => planRestart(failures).delayMs)
    expect(delays).toEqual([0, 100, 200, 400, 800, 25_600, 30_000])
  })

  it('gives up waiting for an answer after five failures', () => {
    expect([1, 4, 5, 6].map((failures) => planRestart(failures).isDown)).toEqual([false, false, true, true])
  })
})
