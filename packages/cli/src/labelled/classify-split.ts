// From the labels that a split holds to the classes that a model tells apart.
import type { LabelledFile, LabelledSplit } from './labelled-data-set.ts'
import type { LabelMatcher } from './match-labels.ts'

/** As the split, with the class of each text; rows with unknown labels are left out. */
export interface ClassifiedSplit extends Omit<LabelledSplit, 'labels' | 'numbers'> {
  readonly classes: readonly number[]
  /** Labels that have no class, and how many rows have them; empty for rows without a label. */
  readonly unknown: ReadonlyMap<string, number>
}

export function classifySplit(split: LabelledSplit, matcher: LabelMatcher): ClassifiedSplit {
  const matches = new Map<string, number | null>()
  const unknown = new Map<string, number>()
  const kept: number[] = []
  const classes: number[] = []
  for (const [index, label] of split.labels.entries()) {
    const found = matches.get(label) ?? matcher.match(label)
    matches.set(label, found)
    if (found === null) {
      unknown.set(label, (unknown.get(label) ?? 0) + 1)
      continue
    }
    kept.push(index)
    classes.push(found)
  }
  const { columns, labelNames, rejected, sha256 } = split
  return { ...selectRows(split, kept), classes, unknown, columns, labelNames, rejected, sha256 }
}

interface Rows {
  readonly texts: readonly string[]
  readonly rows: readonly number[]
  readonly files: readonly LabelledFile[]
}

/** The rows at these indices, which ascend. */
function selectRows({ texts, rows, files }: Rows, kept: readonly number[]): Rows {
  return {
    texts: kept.map((index) => texts[index] ?? ''),
    rows: kept.map((index) => rows[index] ?? 0),
    files: files.map((file) => ({ ...file, start: countBelow(kept, file.start) })),
  }
}

function countBelow(ascending: readonly number[], limit: number): number {
  const index = ascending.findIndex((value) => value >= limit)
  return index < 0 ? ascending.length : index
}
