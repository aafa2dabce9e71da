// Which windows of the queued texts run next: a pure function of the two queues.

/** The part of a queued text that planning looks at. */
export interface Queued<T> {
  readonly windows: readonly { readonly length: number }[]
  readonly nextWindow: number
  readonly next: T | null
}

/** The next `count` windows of a text. */
export interface Pick<T> {
  readonly task: T
  readonly count: number
}

interface Draft<T> {
  readonly picks: Pick<T>[]
  room: number
}

interface Place<T> {
  task: T | null
  window: number
}

/** Bulk work that was left out of so many batches in a row gets half of the next one. */
export const STARVED_AFTER = 8

/**
 * Takes texts in order, interactive ones first, until the next window doesn't fit in `budget` tokens; bulk work fills what
 * is left. Where `bulkStarves`, bulk work comes first with half of the budget. Never empty while something is queued: a
 * window over the budget runs alone, or with what bulk work was due.
 */
export function planBatch<T extends Queued<T>>(
  interactive: T | null,
  bulk: T | null,
  budget: number,
  bulkStarves: boolean,
): readonly Pick<T>[] {
  const draft: Draft<T> = { picks: [], room: budget }
  const bulkPlace = begin(bulk)
  if (bulkStarves) take(draft, bulkPlace, Math.floor(budget / 2))
  take(draft, begin(interactive), draft.room)
  take(draft, bulkPlace, draft.room)
  return draft.picks
}

function begin<T extends Queued<T>>(task: T | null): Place<T> {
  return { task, window: task === null ? 0 : task.nextWindow }
}

/** Takes from `place` on while windows fit in `limit`; the batch's first window always does. */
function take<T extends Queued<T>>(draft: Draft<T>, place: Place<T>, limit: number): void {
  let left = Math.min(limit, draft.room)
  while (place.task !== null) {
    const { task } = place
    let count = 0
    for (; place.window < task.windows.length; place.window++) {
      const length = task.windows[place.window]!.length
      const isFirst = draft.picks.length === 0 && count === 0
      if (length > left && !isFirst) break
      left -= length
      draft.room -= length
      count++
    }
    if (count > 0) draft.picks.push({ task, count })
    if (place.window < task.windows.length) return
    place.task = task.next
    place.window = place.task === null ? 0 : place.task.nextWindow
  }
}
