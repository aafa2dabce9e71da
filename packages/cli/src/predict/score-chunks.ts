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
  signal?: AbortSignal,
): AsyncGenerator<readonly ScoredItem[]> {
  const iterator = chunks[Symbol.asyncIterator]()
  const aborted = whenAborted(signal)
  const running: Promise<readonly ScoredItem[]>[] = []
  let next: Promise<IteratorResult<readonly InputItem[]>> | null = null
  let ended = false
  try {
    while (!ended || running.length > 0) {
      if (!ended && running.length < CHUNKS_IN_FLIGHT) next ??= iterator.next()
      const arrived = await raceChunks(next, running[0], ended ? null : aborted)
      if (arrived === 'scored') {
        yield await (running.shift() as Promise<readonly ScoredItem[]>)
      } else if (arrived === 'aborted' || arrived.done === true) {
        ended = true
        next = null
      } else {
        next = null
        running.push(startScoring(arrived.value, classifier))
      }
    }
  } finally {
    // A silent input never answers, so nobody waits for it.
    next?.catch(() => {})
    iterator.return?.().catch(() => {})
    await Promise.allSettled(running)
  }
}

type Arrival = IteratorResult<readonly InputItem[]> | 'scored' | 'aborted'

async function raceChunks(
  next: Promise<IteratorResult<readonly InputItem[]>> | null,
  head: Promise<readonly ScoredItem[]> | undefined,
  aborted: Promise<'aborted'> | null,
): Promise<Arrival> {
  const racers: Promise<Arrival>[] = []
  if (aborted !== null) racers.push(aborted)
  if (head !== undefined) racers.push(head.then(() => 'scored' as const))
  if (next !== null) racers.push(next)
  return await Promise.race(racers)
}

function whenAborted(signal: AbortSignal | undefined): Promise<'aborted'> | null {
  if (signal === undefined) return null
  return new Promise((resolve) => {
    if (signal.aborted) resolve('aborted')
    else signal.addEventListener('abort', () => resolve('aborted'), { once: true })
  })
}

function startScoring(items: readonly InputItem[], classifier: Classifier): Promise<readonly ScoredItem[]> {
  const scored = scoreChunk(items, classifier)
  // It is awaited in its turn; until then a failure must not count as unhandled.
  scored.catch(() => {})
  return scored
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
