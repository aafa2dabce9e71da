// Texts that come more than once among the rows of one split, letter for letter or nearly.
import { createBandIndex } from './band-index.ts'
import { compareForm, type NearOptions, nearThreshold } from './compare-texts.ts'
import { createGroups } from './groups.ts'
import { BANDS } from './min-hash.ts'
import { sketchTexts, type TextSketches } from './sketch-texts.ts'

/** Row numbers from 0, ascending; groups in the order of their first rows. */
export type RowGroups = readonly (readonly number[])[]

export interface Duplicates {
  /** Rows that are equal but for case, white space, punctuation, mentions and web addresses. */
  readonly exact: RowGroups
  /** Groups of different texts, each of which nearly equals another of its group; with all their rows. */
  readonly near: RowGroups
  /** Different texts that resemble too many others for all to be compared: more of these may be duplicates. */
  readonly cutShort: number
}

/** Time grows with the number of texts, not with its square, whatever they are. Throws a RangeError for a bad threshold. */
export function findDuplicates(texts: readonly string[], options: NearOptions = {}): Duplicates {
  return findSketchedDuplicates(sketchTexts(texts), nearThreshold(options))
}

export function findSketchedDuplicates(sketches: TextSketches, threshold: number): Duplicates {
  const rowsOfForm = listRows(sketches)
  const { groups, cutShort } = groupForms(sketches, threshold)
  const near = groups.map((forms) => forms.flatMap((form) => rowsOfForm[form] ?? []).sort((a, b) => a - b))
  return {
    exact: rowsOfForm.filter((rows) => rows.length > 1),
    near: near.sort(([a = 0], [b = 0]) => a - b),
    cutShort,
  }
}

/** Rows of each form. Forms are numbered as they first come, so that the lists are in the order of their first rows. */
function listRows({ forms, sets }: TextSketches): number[][] {
  const rows: number[][] = sets.map(() => [])
  for (const [row, form] of forms.entries()) rows[form]?.push(row)
  return rows
}

function groupForms(sketches: TextSketches, threshold: number): { groups: number[][]; cutShort: number } {
  const count = sketches.sets.length
  const index = createBandIndex(count)
  const groups = createGroups(count)
  const search = { index, among: sketches, threshold }
  let cutShort = 0
  for (let form = 0; form < count; form++) {
    const wasCut = compareForm(sketches, form, search, {
      isKnown: (other) => groups.find(other) === groups.find(form),
      accept(other) {
        groups.join(other, form)
        return true
      },
    })
    if (wasCut) cutShort++
    index.add(sketches.bands, form * BANDS)
  }
  return { groups: groups.list(), cutShort }
}
