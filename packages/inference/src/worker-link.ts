// One worker thread as the main thread sees it: start, send batches, hear answers, close.
import { Worker } from 'node:worker_threads'
import { silenceRuntime } from '@renown/ml/posts'
import { EngineError } from './errors.ts'
import type { WorkerEntry } from './worker/locate-entry.ts'
import type {
  AnswerReply,
  ReadyReply,
  RunFailedReply,
  WorkerReply,
  WorkerRequest,
  WorkerSettings,
} from './worker/protocol.ts'

export interface LinkEvents {
  answered(reply: AnswerReply): void
  failed(reply: RunFailedReply): void
  /** The thread ended although nobody asked it to, after it was ready. */
  ended(reason: string): void
}

export interface WorkerLink {
  /** Rejects with MODEL_LOAD_FAILED. */
  readonly ready: Promise<ReadyReply>
  run(batch: number, ids: Int32Array<ArrayBuffer>, lengths: Int32Array<ArrayBuffer>): void
  /**
   * Resolves when the thread has ended by itself, after the runs it was sent. It is never terminated: that would abort
   * the process if it is inside a run.
   */
  close(): Promise<void>
  /** Lets the process end although this thread doesn't. */
  abandon(): void
}

export function startWorker(entry: WorkerEntry, settings: WorkerSettings, events: LinkEvents): WorkerLink {
  silenceRuntime()
  const worker = new Worker(entry.url, {
    workerData: settings,
    execArgv: [...entry.execArgv],
    name: 'renown-inference',
  })
  let phase: 'loading' | 'ready' | 'ended' = 'loading'
  let trouble: string | null = null
  worker.on('error', (error) => {
    trouble = `the worker threw: ${describe(error)}`
  })
  const exited = new Promise<void>((resolve) => {
    worker.once('exit', () => resolve())
  })
  const ready = new Promise<ReadyReply>((resolve, reject) => {
    const end = (reason: string): void => {
      const before = phase
      phase = 'ended'
      if (before === 'loading') reject(new EngineError('MODEL_LOAD_FAILED', reason))
      if (before === 'ready') events.ended(reason)
    }
    worker.on('message', (reply: WorkerReply) => {
      if (reply.type === 'load-failed') end(reply.message)
      if (phase === 'ended') return
      if (reply.type === 'answer') events.answered(reply)
      if (reply.type === 'run-failed') events.failed(reply)
      if (reply.type !== 'ready') return
      phase = 'ready'
      resolve(reply)
    })
    worker.on('messageerror', (error) => end(`the worker's message could not be read: ${describe(error)}`))
    worker.once('exit', (code) => end(trouble ?? `the worker exited with code ${code}`))
  })
  ready.catch(() => undefined)
  const post = (request: WorkerRequest, transfer: ArrayBuffer[] = []): void => worker.postMessage(request, transfer)
  return {
    ready,
    run(batch, ids, lengths) {
      post({ type: 'run', batch, ids, lengths }, [ids.buffer, lengths.buffer])
    },
    close() {
      phase = 'ended'
      post({ type: 'close' })
      return exited
    },
    abandon: () => worker.unref(),
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
