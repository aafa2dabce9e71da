// Whether one text nearly equals some other: candidates, then the true similarity.
import type { BandIndex } from './band-index.ts'
import { BANDS } from './min-hash.ts'
import { similarity } from './shingles.ts'
import type { TextSketches } from './sketch-texts.ts'

/** Jaccard similarity of shingles of five characters from which two texts are near duplicates. */
export const NEAR_THRESHOLD = 0.8
const LOWEST_THRESHOLD = 0.75

/** Comparisons for one text; candidates come with the likeliest first. */
const MOST_COMPARISONS = 32

const NOTHING = new Uint32Array(0)

export interface NearOptions {
  /** From 0.75 to 1; 0.8 unless given. */
  readonly threshold?: number
}

/** Throws a RangeError below 0.75, where bands would miss too many. */
export function nearThreshold({ threshold = NEAR_THRESHOLD }: NearOptions): number {
  if (threshold >= LOWEST_THRESHOLD && threshold <= 1) return threshold
  throw new RangeError(`Expected a threshold from ${LOWEST_THRESHOLD} to 1, got ${threshold}`)
}

export interface NearSearch {
  readonly index: BandIndex
  /** Sketches of what is in the index. */
  readonly among: TextSketches
  readonly threshold: number
}

/**
 * Compares form `form` of `sketches` with those in the index and tells `accept` of each that is near, until it returns
 * false; `isKnown` leaves out what need not be compared. Returns whether there were more candidates than are compared.
 */
export function compareForm(
  sketches: TextSketches,
  form: number,
  { index, among, threshold }: NearSearch,
  { isKnown, accept }: { isKnown(other: number): boolean; accept(other: number, similarity: number): boolean },
): boolean {
  const set = sketches.sets[form] ?? NOTHING
  let comparisons = 0
  let stopped = false
  const { cutShort } = index.visitCandidates(sketches.bands, form * BANDS, (other) => {
    if (isKnown(other)) return true
    if (++comparisons > MOST_COMPARISONS) return false
    const reached = similarity(set, among.sets[other] ?? NOTHING, threshold)
    stopped = reached !== null && !accept(other, reached)
    return !stopped
  })
  return !stopped && (cutShort || comparisons > MOST_COMPARISONS)
}
