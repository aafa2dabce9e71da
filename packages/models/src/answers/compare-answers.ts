// Whether answers are those that were recorded, within what CPUs, encodings and batches may differ by.
import type { ModelManifest } from '../manifest.ts'
import { type FileAnswers, parseProbabilities } from './recorded-answers.ts'

interface Tolerance {
  /** Largest difference of one probability. */
  readonly most: number
  /** The same, averaged over the texts. */
  readonly mean: number
}

/**
 * Measured, see docs/decisions/0017-answers-are-recorded-with-a-model.md: with 8-bit weights, neighbours in a batch and
 * kinds of CPU make up to 0.009 and 0.001 of difference; 230 wrong bytes among 23 million, or products that saturate,
 * make 0.045 and 0.007. A quantised file that isn't ours has one scale for a whole batch, so its neighbours change an answer more.
 */
const TOLERANCES: Readonly<Record<'bytes' | 'float32' | 'foreign', Tolerance>> = {
  bytes: { most: 0.03, mean: 0.004 },
  float32: { most: 0.002, mean: 0.0005 },
  foreign: { most: 0.15, mean: 0.03 },
}

export interface AnswerComparison {
  readonly agrees: boolean
  readonly most: number
  readonly mean: number
  readonly tolerance: Tolerance
  /** Which text differs most. */
  readonly worst: number
}

/** What the manifest recorded for this file with weights of this kind, or null where nothing was. */
export function findAnswers(
  { answers }: Pick<ModelManifest, 'answers'>,
  file: string,
  encoding: string,
): FileAnswers | null {
  return answers?.files.find((entry) => entry.file === file && kindOf(entry.encoding) === kindOf(encoding)) ?? null
}

/** `got`: for each text the probabilities in label order; what is not a number agrees with nothing. */
export function compareAnswers(
  { probabilities, encoding }: FileAnswers,
  got: readonly (readonly number[])[],
): AnswerComparison {
  const differences = probabilities.map((line, index) => largestDifference(parseProbabilities(line), got[index] ?? []))
  const most = Math.max(...differences)
  const mean = differences.reduce((sum, difference) => sum + difference, 0) / differences.length
  const tolerance = TOLERANCES[kindOf(encoding)]
  const agrees = most <= tolerance.most && mean <= tolerance.mean
  return { agrees, most, mean, tolerance, worst: differences.indexOf(most) }
}

function largestDifference(expected: readonly number[], got: readonly number[]): number {
  const differences = expected.map((value, index) => Math.abs(value - (got[index] ?? Number.NaN)))
  return differences.some(Number.isNaN) ? Number.POSITIVE_INFINITY : Math.max(...differences)
}

/** Signed and unsigned bytes hold the same values. */
function kindOf(encoding: string): keyof typeof TOLERANCES {
  if (encoding === 'int8' || encoding === 'uint8') return 'bytes'
  return encoding === 'float32' ? 'float32' : 'foreign'
}
