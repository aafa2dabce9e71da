// The guard: what it takes for a new model to be sent back, and what isn't enough.
import type { ClassifyOutcome, Sentiment } from '@renown/reputation'
import { describe, expect, test } from 'vitest'
import { createGuard, type Guard } from './guard.ts'

const MINUTE = 60_000

function answers(count: number, label: Sentiment, score: number, cached = false): ClassifyOutcome[] {
  const scores = { negative: 0, neutral: 0, positive: 0, [label]: score }
  return Array.from({ length: count }, () => ({ label, score, scores, windows: 1, model: '1', cached }))
}

function refusals(count: number): ClassifyOutcome[] {
  return Array.from({ length: count }, () => ({ error: { code: 'WORKER_FAILED', message: 'it failed' } }))
}

/** A model that has served for a while as it should. */
function experienced(): { guard: Guard; pass(ms: number): void } {
  let time = 0
  const guard = createGuard(MINUTE, () => time)
  for (const label of ['negative', 'neutral', 'positive'] as const) guard.answered(answers(1000, label, 0.8))
  for (let run = 0; run < 300; run++) guard.ran(run % 2 === 0 ? 32 : 500, run % 2 === 0 ? 4 : 40)
  return {
    guard,
    pass(ms) {
      time += ms
    },
  }
}

describe('the guard', () => {
  test('says nothing before another model serves, and nothing of one that does as well', () => {
    const { guard } = experienced()
    guard.answered(refusals(100))
    expect(guard.verdict()).toBeNull()
    const other = experienced().guard
    other.begin()
    for (const label of ['negative', 'neutral', 'positive'] as const) other.answered(answers(1000, label, 0.78))
    for (let run = 0; run < 300; run++) other.ran(500, 45)
    expect(other.verdict()).toBeNull()
  })

  test('is not moved by a handful of requests, however bad', () => {
    const { guard } = experienced()
    guard.begin()
    guard.answered([...refusals(9), ...answers(150, 'positive', 0.34)])
    for (let run = 0; run < 50; run++) guard.ran(32, 400)
    expect(guard.verdict()).toBeNull()
  })

  test('sees errors that were not there before, of texts and of whole requests', () => {
    const { guard } = experienced()
    guard.begin()
    guard.answered([...answers(400, 'neutral', 0.8), ...refusals(20)])
    guard.failed(10)
    expect(guard.verdict()).toBe('30 of 430 texts failed, 0 of 3000 before')
  })

  test('sees runs that take longer, and not that there are fewer texts in each', () => {
    const slow = experienced().guard
    slow.begin()
    for (let run = 0; run < 120; run++) slow.ran(500, 140)
    expect(slow.verdict()).toContain('3.5 times')
    const quiet = experienced().guard
    quiet.begin()
    for (let run = 0; run < 500; run++) quiet.ran(32, 4.4)
    expect(quiet.verdict()).toBeNull()
  })

  test('sees confidence that collapses, and one label for everything', () => {
    const unsure = experienced().guard
    unsure.begin()
    for (const label of ['negative', 'neutral', 'positive'] as const) unsure.answered(answers(100, label, 0.45))
    expect(unsure.verdict()).toContain('from 0.80 to 0.45')
    const stuck = experienced().guard
    stuck.begin()
    stuck.answered(answers(300, 'positive', 0.9))
    expect(stuck.verdict()).toContain('100.0 % of 300 texts are called positive')
  })

  test('doesn’t count a text that is asked for again and again', () => {
    const { guard } = experienced()
    guard.begin()
    guard.answered(answers(1000, 'positive', 0.35, true))
    expect(guard.verdict()).toBeNull()
  })

  test('watches for so long and no longer, and forgets a model that was rolled back', () => {
    const { guard, pass } = experienced()
    guard.begin()
    pass(2 * MINUTE)
    expect(guard.verdict()).toBeNull()
    guard.answered(refusals(500))
    expect(guard.verdict()).toBeNull()
    const other = experienced()
    other.guard.begin()
    other.guard.answered(refusals(500))
    other.guard.end()
    other.guard.begin()
    other.guard.answered(answers(1000, 'neutral', 0.8).concat(answers(300, 'negative', 0.8)))
    expect(other.guard.verdict()).toBeNull()
  })

  test('of no minutes watches nothing', () => {
    const guard = createGuard(0, () => 0)
    guard.begin()
    guard.answered(refusals(500))
    expect(guard.verdict()).toBeNull()
  })
})
