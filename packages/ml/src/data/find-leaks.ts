// Training rows that the evaluation would ask about: they equal, or nearly equal, one of its rows.
import { type BandIndex, createBandIndex } from './band-index.ts'
import { compareForm, type NearOptions, nearThreshold } from './compare-texts.ts'
import type { SplitName } from './labelled-texts.ts'
import { BANDS } from './min-hash.ts'
import { sketchTexts, type TextSketches } from './sketch-texts.ts'

export interface Leak {
  /** Number of the training row, from 0. */
  readonly row: number
  /** Number of the first evaluation row with the text that it equals or resembles. */
  readonly evaluationRow: number
  /** Exact: equal but for case, white space, punctuation, mentions and web addresses. */
  readonly kind: 'exact' | 'near'
  /** Jaccard similarity of shingles of five characters; 1 where it is exact. */
  readonly similarity: number
}

export interface Leaks {
  /** By training row, ascending. */
  readonly leaks: readonly Leak[]
  /** Different training texts without a leak that resemble too many evaluation rows for all to be compared. */
  readonly cutShort: number
}

/** Training rows that equal or resemble rows of another split. */
export interface SplitLeaks extends Leaks {
  readonly split: Exclude<SplitName, 'train'>
}

/** Time grows with the number of texts, whatever they are. Throws a RangeError for a bad threshold. */
export function findLeaks(train: readonly string[], evaluation: readonly string[], options: NearOptions = {}): Leaks {
  return findSketchedLeaks(sketchTexts(train), sketchTexts(evaluation), nearThreshold(options))
}

export function findSketchedLeaks(train: TextSketches, evaluation: TextSketches, threshold: number): Leaks {
  const firstRows = listFirstRows(evaluation)
  const { matches, cutShort } = matchForms(train, evaluation, threshold)
  const leaks: Leak[] = []
  for (const [row, form] of train.forms.entries()) {
    const match = matches[form]
    if (match === undefined || match === null) continue
    const { other, ...found } = match
    leaks.push({ row, evaluationRow: firstRows[other] ?? 0, ...found })
  }
  return { leaks, cutShort }
}

/** The training rows that are left once those that leak are dropped, ascending. */
export function dropLeaks(rows: number, ...found: readonly Leaks[]): Uint32Array {
  const dropped = new Set(found.flatMap(({ leaks }) => leaks.map(({ row }) => row)))
  return Uint32Array.from({ length: rows }, (_, row) => row).filter((row) => !dropped.has(row))
}

function listFirstRows({ forms, sets }: TextSketches): Int32Array {
  const first = new Int32Array(sets.length).fill(-1)
  for (const [row, form] of forms.entries()) if (form >= 0 && first[form] === -1) first[form] = row
  return first
}

interface Match extends Pick<Leak, 'kind' | 'similarity'> {
  /** Form of the evaluation. */
  readonly other: number
}

/** For each form of the training rows. */
function matchForms(
  train: TextSketches,
  evaluation: TextSketches,
  threshold: number,
): { matches: (Match | null)[]; cutShort: number } {
  const search = { index: indexAll(evaluation), among: evaluation, threshold }
  let cutShort = 0
  const matches = [...train.numbers].map(([text, form]): Match | null => {
    const same = evaluation.numbers.get(text)
    if (same !== undefined) return { other: same, kind: 'exact', similarity: 1 }
    let match: Match | null = null
    const wasCut = compareForm(train, form, search, {
      isKnown: () => false,
      accept(other, similarity) {
        match = { other, kind: 'near', similarity }
        return false
      },
    })
    if (wasCut) cutShort++
    return match
  })
  return { matches, cutShort }
}

function indexAll({ sets, bands }: TextSketches): BandIndex {
  const index = createBandIndex(sets.length)
  for (let form = 0; form < sets.length; form++) index.add(bands, form * BANDS)
  return index
}
