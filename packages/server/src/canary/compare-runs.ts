// Whether the same model still gives the same answers.
import { type Classification, type ClassifyOutcome, isRefusal, SENTIMENTS } from '@renown/reputation'

/**
 * Neighbours in a batch, threads and the sign of 8-bit weights move a probability by 0.005 at most; some hundred wrong
 * bytes among the weights by 0.05 (docs/decisions/0006-a-scale-for-each-token.md has the first).
 */
const TOLERANCE = 0.03

export interface RunComparison {
  /** Answers that are others: another label, or probabilities further away than they differ by themselves. */
  readonly changed: number
  /** Largest difference of one probability. */
  readonly most: number
}

/** Two runs of the same texts, in the same order. */
export function compareRuns(expected: readonly Classification[], got: readonly Classification[]): RunComparison {
  const differences = expected.map((before, index) => differenceOf(before, got[index]))
  return {
    changed: differences.filter((difference) => difference > TOLERANCE).length,
    most: Math.max(0, ...differences),
  }
}

/** The largest possible where there is no answer, or none that is a number. */
function differenceOf(before: Classification, after: Classification | undefined): number {
  const differences = SENTIMENTS.map((label) => Math.abs(before.scores[label] - (after?.scores[label] ?? Number.NaN)))
  return differences.every(Number.isFinite) ? Math.max(...differences) : 1
}

/** Null where a text was refused or not all were answered by one model: a swap came between. */
export function readRun(outcomes: readonly ClassifyOutcome[], version: string): readonly Classification[] | null {
  const answers = outcomes.filter((outcome): outcome is Classification => !isRefusal(outcome))
  if (answers.length < outcomes.length) return null
  return answers.every(({ model }) => model === version) ? answers : null
}
