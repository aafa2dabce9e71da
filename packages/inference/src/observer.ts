// What the engine reports while it works, for metrics and logs.
import type { ServedModel } from './served-model.ts'

export interface BatchReport {
  /** Version of the model that ran. */
  readonly model: string
  /** Texts that the batch holds a part of. */
  readonly texts: number
  readonly sequences: number
  readonly tokens: number
  /** Tokens in the rows that ran, padding included. */
  readonly rowTokens: number
  /** How long the text that waited longest had waited when the batch was cut. */
  readonly queueMs: number
  readonly runMs: number
  /** The marked calls that the batch computed something for. */
  readonly marked: readonly MarkedCall[]
}

export interface MarkedCall {
  readonly mark: object
  /** When its text was queued, by `performance.now()`. */
  readonly queuedAt: number
}

export type RejectionReason = 'overloaded' | 'deadline' | 'aborted' | 'closed' | 'worker' | 'text'

/** Every hook is optional. A hook that throws is ignored. */
export interface EngineObserver {
  batch?(report: BatchReport): void
  /** Preparing and tokenising one text took this long. */
  tokenized?(ms: number): void
  /** A call, or with `text` one text of a call, was not answered. */
  rejected?(reason: RejectionReason): void
  cache?(hit: boolean): void
  /** It is loaded, warm and checked, and serves from now on. */
  loaded?(model: ServedModel, ms: number): void
  workerRestarted?(reason: string): void
}

export type Notify = Required<EngineObserver>

/** All hooks, none of which throws: a broken metric must not break an answer. */
export function createNotify(observer: EngineObserver = {}): Notify {
  return {
    batch: quieten(observer.batch?.bind(observer)),
    tokenized: quieten(observer.tokenized?.bind(observer)),
    rejected: quieten(observer.rejected?.bind(observer)),
    cache: quieten(observer.cache?.bind(observer)),
    loaded: quieten(observer.loaded?.bind(observer)),
    workerRestarted: quieten(observer.workerRestarted?.bind(observer)),
  }
}

function quieten<A extends unknown[]>(hook: ((...args: A) => void) | undefined): (...args: A) => void {
  if (hook === undefined) return () => undefined
  return (...args) => {
    try {
      hook(...args)
    } catch {
      // The hook's own trouble.
    }
  }
}
