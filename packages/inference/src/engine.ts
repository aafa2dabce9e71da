// What the engine offers to the rest of the system.

import type { ModelFolder } from '@renown/models'
import type { Classifier } from '@renown/reputation'
import type { CacheStats } from './answer-cache.ts'
import type { ServedModel } from './served-model.ts'

export interface EngineStats {
  /** Calls without an answer. */
  readonly calls: number
  /** Texts and tokens that wait for a worker. */
  readonly queuedTexts: number
  readonly queuedTokens: number
  readonly runningTokens: number
  /** The most texts that waited at once since the last call of `stats`. */
  readonly peakTexts: number
  /** The most tokens that counted against the bounds at once since the last call of `stats`; a long text counts as a batch. */
  readonly peakTokens: number
  /** Tokens that each priority may have waiting or running at the moment. */
  readonly boundTokens: number
  /** The measured rate of the model, null before the first batch. */
  readonly tokensPerSecond: number | null
  readonly cache: CacheStats
  readonly workerRestarts: number
  /** Models that serve no new calls and still answer old ones. */
  readonly retiringModels: number
}

export interface EngineHealth {
  readonly ready: boolean
  readonly reason: string | null
}

export interface CloseOptions {
  /** How long what was accepted may take; 10 s by default. */
  readonly deadlineMs?: number
}

export interface SwapOptions {
  /** Keep the old model loaded, for `rollback`. One is kept at most: an earlier one ends before the new one is loaded. */
  readonly keep?: boolean
  /** The new model is loaded and its answers are compared. */
  readonly onCheck?: () => void
}

/**
 * Answers never get lost: every text gets its classification or a refusal (TEXT_TOO_LONG, TEXT_UNREADABLE, or
 * WORKER_FAILED for one whose runs fail), or the whole call rejects with an EngineError: OVERLOADED (with
 * `retryAfterSeconds`), DEADLINE_EXCEEDED, ABORTED, CLOSED, WORKER_FAILED (no worker can run). `priority` is interactive
 * and `whenFull` refuse by default; `deadlineMs` counts from the call.
 */
export interface Engine extends Classifier {
  /** The model that new calls get. Each answer names the one that computed it. */
  model(): ServedModel
  /**
   * Loads and warms the model beside the one that serves, then sends new calls to it; the old one answers what it has
   * and ends, or stays loaded. No call fails. Swaps run one after the other. Rejects with MODEL_LOAD_FAILED,
   * LABELS_UNSUPPORTED, ANSWERS_DIFFER or CLOSED, and then the old one goes on.
   */
  swap(folder: ModelFolder, options?: SwapOptions): Promise<ServedModel>
  /** The model that a swap kept, if it still works. */
  previous(): ServedModel | null
  /** Sends new calls to the kept model at once; the other one answers what it has and ends. Null where none is kept. */
  rollback(): ServedModel | null
  /**
   * Seconds until an interactive text should be let in, or null if one is now. For turning a request away before anything
   * is done for it; what it says counts as a rejection.
   */
  overloaded(): number | null
  stats(): EngineStats
  /** Not ready where a run hangs or no worker works. A native crash inside a run ends the whole process instead. */
  health(): EngineHealth
  /** Answers what was accepted, fails the rest with CLOSED at the deadline, ends the workers. */
  close(options?: CloseOptions): Promise<void>
}
