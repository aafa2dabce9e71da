// What is let in, refused, or waits: bounds by the measured rate.
import { describe, expect, it } from 'vitest'
import { Admission } from './admission.ts'
import { DrainRate } from './drain-rate.ts'

const LIMITS = { batchTokens: 500, maxQueueTokens: 50_000, maxQueueMs: 1000, workers: 1 }

function admit(tokensPerSecond?: number) {
  const rate = new DrainRate(1)
  if (tokensPerSecond !== undefined) rate.add(tokensPerSecond, 1000)
  return { rate, admission: new Admission(LIMITS, rate) }
}

describe('admission', () => {
  it('lets in as many tokens as the model does in a second', () => {
    expect(admit(20_000).admission.bound()).toBe(20_000)
  })

  it('follows the rate as it is measured', () => {
    const { rate, admission } = admit(20_000)
    for (let batch = 0; batch < 100; batch++) rate.add(500, 100)
    expect(admission.bound()).toBeCloseTo(5_000, -1)
  })

  it('lets in two batches however slow the model is, and before anything was measured', () => {
    expect(admit(100).admission.bound()).toBe(1_000)
    expect(admit().admission.bound()).toBe(1_000)
  })

  it('never lets in more than it was told', () => {
    expect(admit(1_000_000).admission.bound()).toBe(50_000)
  })

  it('refuses what does not fit and lets it in after something was released', () => {
    const { admission } = admit(2_000)
    expect(admission.reserve('interactive', 1_500)).toBe(true)
    expect(admission.reserve('interactive', 600)).toBe(false)
    admission.release('interactive', 200)
    expect(admission.reserve('interactive', 600)).toBe(true)
    expect(admission.used()).toBe(1_900)
  })

  it('lets in what is larger than the bound when nothing else is there', () => {
    const { admission } = admit(2_000)
    expect(admission.reserve('bulk', 9_000)).toBe(true)
    expect(admission.reserve('bulk', 1)).toBe(false)
  })

  it('bounds each priority for itself: bulk work locks nobody out', () => {
    const { admission } = admit(2_000)
    admission.reserve('bulk', 2_000)
    admission.reserve('feed', 4_000)
    expect(admission.reserve('interactive', 2_000)).toBe(true)
    expect(admission.reserve('interactive', 1)).toBe(false)
  })

  it('lets callers who wait keep a few batches queued', () => {
    const { admission } = admit(100_000)
    expect(admission.reserve('feed', 3_900)).toBe(true)
    expect(admission.reserve('feed', 200)).toBe(false)
  })

  it('wakes who waits for room when room is made', async () => {
    const { admission } = admit()
    admission.reserve('feed', 4_000)
    const room = admission.room()
    admission.release('feed', 1_000)
    await room
    expect(admission.reserve('feed', 1_000)).toBe(true)
  })

  it('says when to come back: at once, in a while, in half a minute at most', () => {
    const { admission } = admit(2_000)
    admission.reserve('interactive', 2_000)
    expect(admission.retryAfterSeconds('interactive', 20)).toBe(1)
    admission.correct('interactive', 8_000)
    expect(admission.retryAfterSeconds('interactive', 20)).toBe(5)
    admission.correct('interactive', 1_000_000)
    expect(admission.retryAfterSeconds('interactive', 20)).toBe(30)
  })

  it('counts the work ahead of bulk texts that interactive ones make', () => {
    const { admission } = admit(2_000)
    admission.reserve('interactive', 2_000)
    admission.reserve('bulk', 6_000)
    expect(admission.retryAfterSeconds('bulk', 2_000)).toBe(4)
    expect(admission.retryAfterSeconds('interactive', 2_000)).toBe(1)
  })

  it('remembers the most that was in since it was last asked', () => {
    const { admission } = admit(2_000)
    admission.reserve('interactive', 900)
    admission.release('interactive', 800)
    expect(admission.takePeak()).toBe(900)
    expect(admission.takePeak()).toBe(100)
  })
})
