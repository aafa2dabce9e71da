// Labels while someone types: one request for a pause, never a stale answer, and patience with a busy server.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ApiError } from '../../api/errors.ts'
import type { SentimentResponse } from '../../api/types.ts'
import { addTry, MOST_TRIES } from './history.ts'
import { createTyping, type TypingState } from './typing.ts'

interface Asked {
  readonly text: string
  readonly signal: AbortSignal
  answer(label?: SentimentResponse['label']): void
  fail(error: unknown): void
}

function setUp() {
  const asked: Asked[] = []
  let state: TypingState | null = null
  const typing = createTyping({
    ask: (text, signal) =>
      new Promise((resolve, reject) => {
        asked.push({
          text,
          signal,
          answer: (label = 'neutral') =>
            resolve({ label, score: 1, scores: { negative: 0, neutral: 1, positive: 0 }, model: '1', windows: 1 }),
          fail: reject,
        })
      }),
    onState: (next) => {
      state = next
    },
    clock: () => 0,
  })
  return { typing, asked, state: () => state }
}

function problem(status: number, retryAfter: number | null): ApiError {
  return new ApiError({ code: 'OVERLOADED', status, title: '', detail: '', retryAfter, request: null })
}

const flush = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0)

describe('typing', () => {
  beforeEach(() => vi.useFakeTimers())
  afterEach(() => vi.useRealTimers())

  it('asks once after a pause, for the last text', async () => {
    const { typing, asked } = setUp()
    for (const text of ['g', 'go', 'good']) {
      typing.type(text)
      await vi.advanceTimersByTimeAsync(100)
    }
    expect(asked).toHaveLength(0)
    await vi.advanceTimersByTimeAsync(60)
    expect(asked.map(({ text }) => text)).toEqual(['good'])
  })

  it('takes back the request for an older text, and ignores its answer', async () => {
    const { typing, asked, state } = setUp()
    typing.type('one')
    await vi.advanceTimersByTimeAsync(150)
    typing.type('two')
    expect(asked[0]?.signal.aborted).toBe(true)
    await vi.advanceTimersByTimeAsync(150)
    asked[1]?.answer('positive')
    await flush()
    asked[0]?.answer('negative')
    await flush()
    expect(state()?.shown).toMatchObject({ text: 'two', answer: { label: 'positive' } })
  })

  it('keeps the old answer while the next is on its way, and clears with the text', async () => {
    const { typing, asked, state } = setUp()
    typing.type('one')
    await vi.advanceTimersByTimeAsync(150)
    asked[0]?.answer()
    await flush()
    typing.type('one more')
    expect(state()).toMatchObject({ pending: true, shown: { text: 'one' } })
    typing.type('   ')
    expect(state()).toMatchObject({ pending: false, shown: null, error: null })
    await vi.advanceTimersByTimeAsync(500)
    expect(asked).toHaveLength(1)
  })

  it('waits as long as a busy server asks, then asks again', async () => {
    const { typing, asked, state } = setUp()
    typing.type('one')
    await vi.advanceTimersByTimeAsync(150)
    asked[0]?.fail(problem(429, 3))
    await flush()
    expect(state()).toMatchObject({ error: { code: 'OVERLOADED' }, retryIn: 3 })
    await vi.advanceTimersByTimeAsync(2900)
    expect(asked).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(200)
    asked[1]?.answer()
    await flush()
    expect(state()).toMatchObject({ error: null, retryIn: null, shown: { text: 'one' } })
  })

  it('does not ask again for what cannot get better by waiting', async () => {
    const { typing, asked, state } = setUp()
    typing.type('one')
    await vi.advanceTimersByTimeAsync(150)
    asked[0]?.fail(problem(413, null))
    await vi.advanceTimersByTimeAsync(60_000)
    expect(asked).toHaveLength(1)
    expect(state()?.retryIn).toBeNull()
    typing.again()
    expect(asked).toHaveLength(2)
  })
})

describe('the tries of a visit', () => {
  const tried = (text: string) => ({ text, label: 'neutral', score: 0.5 }) as const

  it('keep one entry for a text that grows or shrinks, and move a repeated one to the front', () => {
    const texts = ['it was', 'it was good', 'it was', 'bad', 'it was'].reduce<readonly { text: string }[]>(
      (list, text) => addTry(list as ReturnType<typeof addTry>, tried(text)),
      [],
    )
    expect(texts.map(({ text }) => text)).toEqual(['it was', 'bad'])
  })

  it('are the newest few', () => {
    let list: ReturnType<typeof addTry> = []
    for (let index = 0; index < 20; index++) list = addTry(list, tried(`text ${String.fromCharCode(97 + index)}`))
    expect(list).toHaveLength(MOST_TRIES)
    expect(list[0]?.text).toBe('text t')
  })
})
