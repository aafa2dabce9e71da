// One prepared text on its way through the engine, wanted by one caller or by several.
import type { Call } from './call.ts'
import type { Linked } from './linked-list.ts'

export type Priority = 'interactive' | 'bulk'

/** Which bound a text counts against: callers that are refused have one for each priority, those that wait their own. */
export type Share = Priority | 'feed'

export interface Waiter {
  readonly call: Call
  readonly index: number
}

export interface Task extends Linked<Task> {
  /** As prepared: the key of the cache. */
  readonly text: string
  readonly windows: readonly Int32Array[]
  /** Of all windows, special tokens and overlaps included: what there is to compute. */
  readonly tokens: number
  /** What it counts against its bound: a long text waits for its turn after each batch, so it holds others up by one. */
  readonly cost: number
  readonly share: Share
  readonly queuedAt: number
  priority: Priority
  waiters: Waiter[]
  /** The first window that no batch has taken. */
  nextWindow: number
  /** Windows without an answer. */
  unanswered: number
  /** Of each answered window. */
  readonly probabilities: (readonly number[])[]
  /** Answered, refused, or wanted by nobody any more. */
  settled: boolean
}

export function createTask(
  text: string,
  windows: readonly Int32Array[],
  batchTokens: number,
  share: Share,
  priority: Priority,
  now: number,
): Task {
  const tokens = countTokens(windows)
  return {
    text,
    windows,
    tokens,
    cost: Math.min(tokens, batchTokens),
    share,
    queuedAt: now,
    priority,
    waiters: [],
    nextWindow: 0,
    unanswered: windows.length,
    probabilities: [],
    settled: false,
    previous: null,
    next: null,
  }
}

function countTokens(windows: readonly Int32Array[]): number {
  let tokens = 0
  for (const window of windows) tokens += window.length
  return tokens
}
