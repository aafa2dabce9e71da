// What the server asks of the engine; @renown/inference provides it.
import type { Classifier } from '@renown/reputation'

export interface EngineModel {
  readonly name: string
  readonly version: string
  readonly hash: string
  readonly labels: readonly string[]
  readonly encoding: string
  readonly window: number
  readonly temperature: number
  readonly loadedAt: Date
  readonly file: string
}

export interface EngineNumbers {
  readonly queuedTexts: number
  readonly queuedTokens: number
  readonly runningTokens: number
  /** The most texts that waited at once since the last look. */
  readonly peakTexts: number
  /** The most tokens that waited or ran at once since the last look. */
  readonly peakTokens: number
  readonly boundTokens: number
  readonly cache: { readonly entries: number; readonly hits: number; readonly misses: number }
}

export interface SentimentEngine extends Classifier {
  model(): EngineModel
  /** Seconds until an interactive text should be let in, or null if one is now. */
  overloaded(): number | null
  stats(): EngineNumbers
  health(): { readonly ready: boolean; readonly reason: string | null }
  close(options?: { readonly deadlineMs?: number }): Promise<void>
}
