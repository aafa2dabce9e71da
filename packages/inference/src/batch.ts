// A batch: windows of texts that one run computes together, and what becomes of it when the run fails.
import type { MarkedCall } from './observer.ts'
import type { Task } from './task.ts'

export interface BatchPart {
  readonly task: Task
  readonly window: number
}

export interface Batch {
  readonly parts: readonly BatchPart[]
  readonly tokens: number
  /** Runs of these parts that failed before. */
  readonly attempts: number
  /** How long the text that waited longest had waited. */
  readonly queueMs: number
}

/** Token ids of all parts in one array, with the length of each: two transfers whatever the batch holds. */
export function joinSequences(batch: Batch): { ids: Int32Array<ArrayBuffer>; lengths: Int32Array<ArrayBuffer> } {
  const ids = new Int32Array(batch.tokens)
  const lengths = new Int32Array(batch.parts.length)
  let start = 0
  batch.parts.forEach(({ task, window }, index) => {
    const sequence = task.windows[window]!
    ids.set(sequence, start)
    lengths[index] = sequence.length
    start += sequence.length
  })
  return { ids, lengths }
}

/** The same batch without the texts that nobody waits for any more; null if none is left. */
export function withoutSettled(batch: Batch): Batch | null {
  const parts = batch.parts.filter(({ task }) => !task.settled)
  if (parts.length === batch.parts.length) return batch
  return parts.length === 0 ? null : { ...batch, parts, tokens: countPartTokens(parts) }
}

/**
 * What runs again after a failed run: the whole batch once; then each of its sequences alone, so that the one that fails
 * takes no neighbour with it; nothing of a sequence that failed alone.
 */
export function planRetry(batch: Batch): readonly Batch[] {
  const attempts = batch.attempts + 1
  if (attempts === 1) return [{ ...batch, attempts }]
  if (batch.parts.length === 1) return []
  return batch.parts.map((part) => ({ ...batch, parts: [part], tokens: countPartTokens([part]), attempts }))
}

/** Sequences that failed in company run alone; the failures of two in a row point to the worker rather than to them. */
export function isAlone(batch: Batch): boolean {
  return batch.attempts > 0 && batch.parts.length === 1
}

const NOBODY: readonly MarkedCall[] = []

/** Each marked call once, with its text that was queued first. */
export function findMarked(parts: readonly BatchPart[]): readonly MarkedCall[] {
  let found: Map<object, MarkedCall> | null = null
  for (const { task } of parts) {
    for (const { call } of task.waiters) {
      const { mark } = call
      if (mark === undefined || (found?.get(mark)?.queuedAt ?? Number.POSITIVE_INFINITY) <= task.queuedAt) continue
      found ??= new Map()
      found.set(mark, { mark, queuedAt: task.queuedAt })
    }
  }
  return found === null ? NOBODY : [...found.values()]
}

function countPartTokens(parts: readonly BatchPart[]): number {
  return parts.reduce((sum, { task, window }) => sum + task.windows[window]!.length, 0)
}
