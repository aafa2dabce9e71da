// A worker's life: load the scorer, warm it up, answer batches one at a time, release the session, end.
import type { MessagePort } from 'node:worker_threads'
import type { Scorer } from '@renown/ml'
import type { ReadyReply, RunRequest, WorkerReply, WorkerRequest, WorkerSettings } from './protocol.ts'

export type CreateScorer = (settings: WorkerSettings) => Promise<Scorer>

/** Two short posts: enough to touch every kernel and to time a run, short enough not to be noticed at the start. */
const WARM_UP_LENGTHS = [24, 40] as const
/** A token that any vocabulary has. */
const WARM_UP_ID = 2

export async function serveScorer(port: MessagePort, settings: WorkerSettings, create: CreateScorer): Promise<void> {
  const scorer = await load(port, settings, create)
  if (scorer === null) return
  // Messages may arrive while a run awaits: each starts when the one before has ended.
  let last: Promise<void> = Promise.resolve()
  port.on('message', (request: WorkerRequest) => {
    last = last.then(() => handle(port, scorer, request))
  })
}

async function load(port: MessagePort, settings: WorkerSettings, create: CreateScorer): Promise<Scorer | null> {
  try {
    const scorer = await create(settings)
    post(port, await warmUp(scorer))
    return scorer
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : null
    post(port, { type: 'load-failed', code, message: describe(error) })
    port.close()
    return null
  }
}

/** The first run allocates and is slow; the second one tells the rate. */
async function warmUp(scorer: Scorer): Promise<ReadyReply> {
  const sequences = WARM_UP_LENGTHS.map((length) => new Int32Array(length).fill(WARM_UP_ID))
  await scorer.score(sequences)
  const start = performance.now()
  await scorer.score(sequences)
  const warmMs = performance.now() - start
  const warmTokens = WARM_UP_LENGTHS.reduce((sum, length) => sum + length, 0)
  return { type: 'ready', labels: scorer.labels, encoding: scorer.encoding, warmTokens, warmMs }
}

async function handle(port: MessagePort, scorer: Scorer, request: WorkerRequest): Promise<void> {
  if (request.type === 'run') return run(port, scorer, request)
  await scorer.release()
  port.close()
}

async function run(port: MessagePort, scorer: Scorer, request: RunRequest): Promise<void> {
  try {
    const start = performance.now()
    const rows = await scorer.score(cutSequences(request.ids, request.lengths))
    const runMs = performance.now() - start
    const logits = joinRows(rows, scorer.labels.length)
    const rowTokens = scorer.slots([...request.lengths])
    post(port, { type: 'answer', batch: request.batch, logits, rowTokens, runMs }, [logits.buffer])
  } catch (error) {
    post(port, { type: 'run-failed', batch: request.batch, message: describe(error) })
  }
}

function cutSequences(ids: Int32Array, lengths: Int32Array): Int32Array[] {
  const sequences: Int32Array[] = []
  let start = 0
  for (const length of lengths) {
    sequences.push(ids.subarray(start, start + length))
    start += length
  }
  return sequences
}

function joinRows(rows: readonly Float32Array[], width: number): Float32Array<ArrayBuffer> {
  const logits = new Float32Array(rows.length * width)
  rows.forEach((row, index) => {
    logits.set(row, index * width)
  })
  return logits
}

function post(port: MessagePort, reply: WorkerReply, transfer: ArrayBuffer[] = []): void {
  port.postMessage(reply, transfer)
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
