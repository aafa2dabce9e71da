// The measured rate of a model.
import { describe, expect, it } from 'vitest'
import { DrainRate } from './drain-rate.ts'

describe('the drain rate', () => {
  it('is unknown before anything ran', () => {
    expect(new DrainRate(1).tokensPerSecond()).toBeNull()
  })

  it('is tokens over time, longer batches counting for more, times the workers', () => {
    const rate = new DrainRate(2)
    rate.add(500, 20)
    expect(rate.tokensPerSecond()).toBeCloseTo(50_000, 6)
    rate.add(100, 20)
    expect(rate.tokensPerSecond()).toBeCloseTo((2 * 1000 * 550) / 38, 6)
  })

  it('forgets a bad first guess with the first batch', () => {
    const rate = new DrainRate(1)
    rate.guess(64, 640)
    expect(rate.tokensPerSecond()).toBeCloseTo(100, 6)
    rate.add(500, 20)
    expect(rate.tokensPerSecond()).toBeGreaterThan(20_000)
  })

  it('survives a clock that does not move', () => {
    const rate = new DrainRate(1)
    rate.guess(64, 0)
    rate.add(10, 0)
    expect(Number.isFinite(rate.tokensPerSecond())).toBe(true)
  })
})
