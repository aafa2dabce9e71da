// What this folder works on: texts and the class of each.

export interface LabelledTexts {
  readonly texts: readonly string[]
  /** Index of each text's label. */
  readonly classes: ArrayLike<number>
}

export const SPLIT_NAMES = ['train', 'validation', 'test'] as const

export type SplitName = (typeof SPLIT_NAMES)[number]

/** How many rows something concerns, and the first ten of them (numbers from 0). */
export interface RowSample {
  readonly count: number
  readonly rows: readonly number[]
}

export const SAMPLE_SIZE = 10

/** The rows of `rows` for which `holds`. */
export function sampleRows(rows: number, holds: (row: number) => boolean): RowSample {
  const first: number[] = []
  let count = 0
  for (let row = 0; row < rows; row++) {
    if (!holds(row)) continue
    count++
    if (first.length < SAMPLE_SIZE) first.push(row)
  }
  return { count, rows: first }
}

/** How many rows each of `labels` classes has; other numbers don't count. */
export function countClasses(classes: ArrayLike<number>, labels: number): number[] {
  const counts = new Array<number>(labels).fill(0)
  for (let row = 0; row < classes.length; row++) {
    const found = classes[row] ?? -1
    const count = counts[found]
    if (count !== undefined) counts[found] = count + 1
  }
  return counts
}
