// Feeds chunks of rows to the classifier, several at a time, and gives them back in the order they came in.
import { type Classification, type Classifier, isRefusal } from '@renown/reputation'
import { type InputItem, type InputReject, type InputRow, isReject } from './input-row.ts'

export interface ScoredRow {
  readonly row: InputRow
  readonly answer: Classification
}

export type ScoredItem = ScoredRow | InputReject

/** How many chunks may be with the classifier at once: enough to keep it busy while others are read and written. */
const CHUNKS_IN_FLIGHT = 6

/**
 * A finished chunk goes out even while the input is silent. Ends early, without an error, when the signal is aborted:
 * what the classifier has by then is finished and given out.
 */
export async function* scoreChunks(
  chunks: AsyncIterable<readonly InputItem[]>,
  classifier: Classifier,
  signal: AbortSignal = new AbortController().signal,
): AsyncGenerator<readonly ScoredItem[]> {
  const iterator = chunks[Symbol.asyncIterator]()
  const bell = createBell()
  const running: Watched<readonly ScoredItem[]>[] = []
  let reading: Watched<IteratorResult<readonly InputItem[]>> | null = null
  let ended = false
  let failure: { readonly error: unknown } | null = null
  /** What was read before an error is scored and given out first. */
  const read = (): Promise<IteratorResult<readonly InputItem[]>> =>
    iterator.next().catch((error: unknown) => {
      failure = { error }
      return { done: true, value: undefined }
    })
  signal.addEventListener('abort', bell.ring)
  try {
    for (;;) {
      ended ||= signal.aborted
      if (ended && running.length === 0) break
      if (!ended && running.length < CHUNKS_IN_FLIGHT) reading ??= watch(read(), bell)
      if (running[0]?.isSettled()) {
        yield await (running.shift() as Watched<readonly ScoredItem[]>).promise
      } else if (!ended && reading?.isSettled()) {
        const arrived: IteratorResult<readonly InputItem[]> = await reading.promise
        reading = null
        ended = arrived.done === true
        running.push(...startScoring(arrived, classifier, bell))
      } else {
        await bell.wait()
      }
    }
    if (failure !== null) throw (failure as { readonly error: unknown }).error
  } finally {
    signal.removeEventListener('abort', bell.ring)
    // A silent input never answers, so nobody waits for it.
    iterator.return?.().catch(() => {})
    await Promise.allSettled(running.map(({ promise }) => promise))
  }
}

/** One chunk under way, or none at the end of the input. */
function startScoring(
  arrived: IteratorResult<readonly InputItem[]>,
  classifier: Classifier,
  bell: Bell,
): Watched<readonly ScoredItem[]>[] {
  return arrived.done === true ? [] : [watch(scoreChunk(arrived.value, classifier), bell)]
}

interface Watched<T> {
  readonly promise: Promise<T>
  isSettled(): boolean
}

/** Rings when the promise settles. It is awaited in its turn; until then a failure doesn't count as unhandled. */
function watch<T>(promise: Promise<T>, bell: Bell): Watched<T> {
  let settled = false
  const settle = (): void => {
    settled = true
    bell.ring()
  }
  promise.then(settle, settle)
  return { promise, isSettled: () => settled }
}

interface Bell {
  readonly ring: () => void
  wait(): Promise<void>
}

/** Not `Promise.race`: a promise that never settles would keep every chunk that it ever raced against. */
function createBell(): Bell {
  let waiting: (() => void) | null = null
  return {
    ring() {
      waiting?.()
      waiting = null
    },
    wait: () =>
      new Promise((resolve) => {
        waiting = resolve
      }),
  }
}

async function scoreChunk(items: readonly InputItem[], classifier: Classifier): Promise<readonly ScoredItem[]> {
  const texts = items.flatMap((item) => (isReject(item) ? [] : [item.text]))
  const answers = texts.length === 0 ? [] : await classifier.classify(texts, { priority: 'bulk', whenFull: 'wait' })
  let answered = 0
  return items.map((item): ScoredItem => {
    if (isReject(item)) return item
    const answer = answers[answered++]
    if (answer === undefined) throw new Error(`expected ${texts.length} answers, got ${answers.length}`)
    if (!isRefusal(answer)) return { row: item, answer }
    return { file: item.file, line: item.line, code: answer.error.code, reason: answer.error.message }
  })
}
