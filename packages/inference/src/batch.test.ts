// What a batch sends, and what runs again when it fails.
import { describe, expect, it } from 'vitest'
import { type Batch, findMarked, isAlone, joinSequences, planRetry, withoutSettled } from './batch.ts'
import { Call } from './call.ts'
import { createTask } from './task.ts'

function batchOf(...lengths: readonly number[]): Batch {
  const tasks = lengths.map((length, index) =>
    createTask(
      `text ${index}`,
      [Int32Array.from({ length }, (_, at) => 10 * index + at)],
      512,
      'interactive',
      'interactive',
      0,
    ),
  )
  const tokens = lengths.reduce((sum, length) => sum + length, 0)
  return { parts: tasks.map((task) => ({ task, window: 0 })), tokens, attempts: 0, queueMs: 0 }
}

describe('a batch', () => {
  it('names each marked call once, with its text that was queued first', () => {
    const host = { ended: () => {} }
    const [one, other] = [{}, {}]
    const calls = [{ mark: one }, { mark: other }, {}].map((options) => new Call(2, options, host))
    const batch = batchOf(3, 1, 2)
    const waiting = [[0, 1, 2], [0], [1]]
    const parts = batch.parts.map(({ task, window }, index) => {
      const waiters = (waiting[index] ?? []).map((call) => ({ call: calls[call]!, index: 0 }))
      return { task: { ...task, queuedAt: 10 - index, waiters }, window }
    })
    expect(findMarked(parts)).toEqual([
      { mark: one, queuedAt: 9 },
      { mark: other, queuedAt: 8 },
    ])
    expect(findMarked(batch.parts)).toEqual([])
  })

  it('goes to the worker as one array of ids and one of lengths', () => {
    const { ids, lengths } = joinSequences(batchOf(3, 1, 2))
    expect([...ids]).toEqual([0, 1, 2, 10, 20, 21])
    expect([...lengths]).toEqual([3, 1, 2])
  })

  it('runs once more as it was, then each sequence alone, then never again', () => {
    const [again, ...none] = planRetry(batchOf(3, 1, 2))
    expect(none).toEqual([])
    expect(again).toMatchObject({ tokens: 6, attempts: 1 })
    const alone = planRetry(again!)
    expect(alone.map(({ tokens }) => tokens)).toEqual([3, 1, 2])
    expect(alone.every(isAlone)).toBe(true)
    expect(alone.flatMap(planRetry)).toEqual([])
  })

  it('of one sequence runs twice', () => {
    const [again] = planRetry(batchOf(4))
    expect(again).toMatchObject({ tokens: 4, attempts: 1 })
    expect(planRetry(again!)).toEqual([])
  })

  it('runs again without the texts that nobody waits for', () => {
    const batch = batchOf(3, 1, 2)
    batch.parts[1]!.task.settled = true
    expect(withoutSettled(batch)).toMatchObject({ tokens: 5, parts: [batch.parts[0], batch.parts[2]] })
    for (const { task } of batch.parts) task.settled = true
    expect(withoutSettled(batch)).toBeNull()
  })
})
