// The port that turns texts into sentiments: owned here, implemented by the engine.
import type { Sentiment, SentimentScores } from './sentiment.ts'

/** What the model says about one text. */
export interface Classification {
  readonly label: Sentiment
  /** The label's probability. */
  readonly score: number
  readonly scores: SentimentScores
  /** 1, or how many overlapping windows a long text was scored in. */
  readonly windows: number
  /** Version of the model that answered. */
  readonly model: string
  readonly cached: boolean
}

/** This one text was refused; the others of the same call were answered. */
export interface Refusal {
  readonly error: { readonly code: string; readonly message: string }
}

export type ClassifyOutcome = Classification | Refusal

export interface ClassifyOptions {
  /** Interactive requests overtake bulk work. */
  readonly priority?: 'interactive' | 'bulk'
  /** What happens when the queue is full: fail with a code, or wait for room. */
  readonly whenFull?: 'refuse' | 'wait'
  /** Computed anew, whatever is remembered. */
  readonly fresh?: boolean
  readonly signal?: AbortSignal
  readonly deadlineMs?: number
  /** Tells the call apart in what an observer hears of the batches that compute its texts. */
  readonly mark?: object | undefined
}

export interface Classifier {
  /** One outcome per text, in the same order. */
  classify(texts: readonly string[], options?: ClassifyOptions): Promise<readonly ClassifyOutcome[]>
}

export function isRefusal(outcome: ClassifyOutcome): outcome is Refusal {
  return 'error' in outcome
}
