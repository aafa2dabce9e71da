// What a gate's verdicts are made from, and the few terms that they share.
import type { GateComparison, ReferenceRole } from './gate-types.ts'
import type { GatePolicy } from './policy.ts'
import type { Slice } from './slices.ts'

/** What one file answered on the rows of the gate. */
export interface Answers {
  readonly file: string
  readonly encoding: string
  /** Class of each row. */
  readonly predictions: readonly number[]
  /** Probability of that class. */
  readonly confidences: readonly number[]
  readonly ece: number
  /** Recall of each class, and the lower end of macro recall's 95 % interval. */
  readonly recalls: readonly number[]
  readonly macroRecallLow: number
}

export interface Evidence {
  readonly labels: readonly string[]
  readonly classes: readonly number[]
  /** The file that is served first. */
  readonly candidate: readonly [Answers, ...Answers[]]
  readonly references: Readonly<Partial<Record<ReferenceRole, Answers>>>
  readonly slices: readonly Slice[]
}

/** What the finer rules compare with: the champion, or the base where there is none. */
export function mainReference(references: Readonly<Partial<Record<ReferenceRole, unknown>>>): ReferenceRole | null {
  return (['champion', 'base', 'best'] as const).find((role) => references[role] !== undefined) ?? null
}

/** How the differences of two models are bounded. */
export function boundOptions({ confidence, seed, resamples }: GatePolicy): {
  confidence: number
  seed: number
  resamples: number
} {
  return { confidence, seed, resamples }
}

/** `95 %`. */
export function formatConfidence({ confidence }: GatePolicy): string {
  return `${Number((100 * confidence).toFixed(2))} %`
}

/** What a file is compared with, in words. */
export const AGAINST: Readonly<Record<GateComparison['against'], string>> = {
  champion: 'the champion',
  best: 'the best version ever promoted',
  base: 'the untouched base',
  float32: 'the 32-bit file',
}
