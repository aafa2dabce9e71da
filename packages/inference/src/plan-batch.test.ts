// Which texts a batch takes.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { planBatch, type Queued } from './plan-batch.ts'

interface Post extends Queued<Post> {
  readonly name: string
  next: Post | null
}

/** A queue of texts, each given by the lengths of its windows. */
function queue(name: string, ...texts: readonly (readonly number[])[]): Post | null {
  const posts: Post[] = texts.map((lengths, index) => ({
    name: `${name}${index}`,
    windows: lengths.map((length) => ({ length })),
    nextWindow: 0,
    next: null,
  }))
  posts.forEach((post, index) => {
    post.next = posts[index + 1] ?? null
  })
  return posts[0] ?? null
}

/** Lengths of the picked windows: a text may be picked twice, and goes on where its first pick ended. */
function takenLengths(picks: readonly { readonly task: Post; readonly count: number }[]): number[] {
  const next = new Map<Post, number>()
  return picks.flatMap(({ task, count }) => {
    const start = next.get(task) ?? 0
    next.set(task, start + count)
    return task.windows.slice(start, start + count).map(({ length }) => length)
  })
}

function plan(interactive: Post | null, bulk: Post | null, budget = 100, starves = false): string[] {
  return planBatch(interactive, bulk, budget, starves).map(({ task, count }) => `${task.name}×${count}`)
}

describe('planning a batch', () => {
  it('takes texts in order until the next one does not fit', () => {
    expect(plan(queue('i', [40], [40], [40], [5]), null)).toEqual(['i0×1', 'i1×1'])
  })

  it('is empty when nothing is queued', () => {
    expect(plan(null, null)).toEqual([])
  })

  it('runs a window that is over the budget alone', () => {
    expect(plan(queue('i', [300], [10]), queue('b', [10]))).toEqual(['i0×1'])
  })

  it('fills what interactive texts leave with bulk work', () => {
    expect(plan(queue('i', [30], [30]), queue('b', [30], [30]))).toEqual(['i0×1', 'i1×1', 'b0×1'])
  })

  it('runs bulk work alone when nobody else is there', () => {
    expect(plan(null, queue('b', [60], [40], [1]))).toEqual(['b0×1', 'b1×1'])
  })

  it('leaves bulk work out while interactive texts fill the batch', () => {
    expect(plan(queue('i', [50], [50], [50]), queue('b', [10]))).toEqual(['i0×1', 'i1×1'])
  })

  it('gives bulk work that starves the first half', () => {
    expect(plan(queue('i', [30], [30], [30]), queue('b', [25], [25], [25]), 100, true)).toEqual([
      'b0×1',
      'b1×1',
      'i0×1',
    ])
  })

  it('gives bulk work that starves its turn even if its next window is long', () => {
    expect(plan(queue('i', [10]), queue('b', [90]), 100, true)).toEqual(['b0×1', 'i0×1'])
  })

  it('takes as many windows of a long text as fit, and starts where the last batch ended', () => {
    const long = queue('i', [60, 40, 40, 40], [10])!
    expect(plan(long, null)).toEqual(['i0×2'])
    expect(plan({ ...long, nextWindow: 2 }, null)).toEqual(['i0×2', 'i1×1'])
  })

  it('never breaks the budget with more than one window, and never stands still', () => {
    const lengths = fc.array(fc.array(fc.integer({ min: 1, max: 150 }), { minLength: 1, maxLength: 4 }), {
      maxLength: 12,
    })
    fc.assert(
      fc.property(lengths, lengths, fc.boolean(), (interactive, bulk, starves) => {
        const picks = planBatch(queue('i', ...interactive), queue('b', ...bulk), 100, starves)
        const windows = takenLengths(picks)
        const tokens = windows.reduce((sum, length) => sum + length, 0)
        expect(windows.length).toBe(picks.reduce((sum, { count }) => sum + count, 0))
        expect(windows.length > 0).toBe(interactive.length + bulk.length > 0)
        if (windows.length > 1) expect(tokens).toBeLessThanOrEqual(100)
      }),
    )
  })
})
