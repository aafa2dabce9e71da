// The messages between the main thread and a worker: typed arrays are transferred, never copied.

import type { Urgency } from './thread-priority.ts'

/** How a worker is started. */
export interface WorkerSettings {
  readonly folder: string
  readonly file: string
  readonly threads: number
  readonly encoding: 'auto' | 'int8' | 'uint8' | 'float32'
  readonly urgency: Urgency
}

/** All sequences of a batch, one after the other in `ids`. */
export interface RunRequest {
  readonly type: 'run'
  readonly batch: number
  readonly ids: Int32Array
  readonly lengths: Int32Array
}

/** Finish the runs that were sent, release the session, then end the thread. */
export interface CloseRequest {
  readonly type: 'close'
}

export type WorkerRequest = RunRequest | CloseRequest

export interface ReadyReply {
  readonly type: 'ready'
  readonly labels: readonly string[]
  readonly encoding: string
  /** A timed run of the warm-up: the first guess at the rate. */
  readonly warmTokens: number
  readonly warmMs: number
}

export interface LoadFailedReply {
  readonly type: 'load-failed'
  readonly code: string | null
  readonly message: string
}

export interface AnswerReply {
  readonly type: 'answer'
  readonly batch: number
  /** Logits of the sequences, one after the other. */
  readonly logits: Float32Array
  readonly rowTokens: number
  readonly runMs: number
}

export interface RunFailedReply {
  readonly type: 'run-failed'
  readonly batch: number
  readonly message: string
}

export type WorkerReply = ReadyReply | LoadFailedReply | AnswerReply | RunFailedReply
