// Which of two models is the better one, by the figures that are recorded of both.
import { chooseModelFile } from './loader-files.ts'
import type { ManifestEvaluation, ModelManifest } from './manifest.ts'

/** Macro recall of the served file on one set of rows. */
export interface Figure {
  readonly macroRecall: number
  readonly rows: number
  /** Rows that no model was chosen by tell more. */
  readonly trust: number
}

/** By the rows that it was measured on. */
export type Figures = ReadonlyMap<string, Figure>

/** On the rows that both were measured on, the most trusted first, then the larger number; false where there are none. */
export function isBetter(ones: Figures = new Map(), others: Figures = new Map()): boolean {
  const shared = [...ones].flatMap(([key, one]) => {
    const other = others.get(key)
    return other === undefined ? [] : [{ one, other }]
  })
  const [first] = shared.sort((a, b) => b.one.trust - a.one.trust || b.one.rows - a.one.rows)
  return first !== undefined && first.one.macroRecall > first.other.macroRecall
}

const TEST_TRUST = 1

/** What the manifest records of the file that is served. */
export function recordedFigures(manifest: ModelManifest): Figures {
  return new Map(manifest.evaluations.filter(({ file }) => file === servedFile(manifest)).flatMap(toFigure))
}

function servedFile({ files }: ModelManifest): string | null {
  try {
    return chooseModelFile(files)
  } catch {
    return null
  }
}

function toFigure({ sha256, split, rows, metrics }: ManifestEvaluation): readonly (readonly [string, Figure])[] {
  const { macroRecall } = metrics
  if (macroRecall === undefined) return []
  return [[`${split} of ${sha256}`, { macroRecall: macroRecall.value, rows, trust: split === 'test' ? TEST_TRUST : 0 }]]
}
