// Percentile bootstrap intervals of the figures that follow from a confusion matrix.
import { type Confusion, type ConfusionFigures, confusionFigures } from './confusion.ts'
import { percentile } from './percentile.ts'
import { createRandomIndex } from './random.ts'

export type Interval = readonly [low: number, high: number]

export interface ClassIntervals {
  readonly precision: Interval
  readonly recall: Interval
  readonly f1: Interval
}

export interface BootstrapIntervals {
  readonly accuracy: Interval
  readonly macroRecall: Interval
  readonly macroF1: Interval
  /** In the order of the classes. */
  readonly perClass: readonly ClassIntervals[]
}

/**
 * 95 % percentile intervals (Efron 1979) over resamples of the rows with replacement. A row matters only by its cell in
 * the matrix, so that drawing cells in proportion to their counts is the same as drawing rows and scoring them again.
 */
export function bootstrapIntervals(
  confusion: Confusion,
  options: { seed: number; resamples: number },
): BootstrapIntervals {
  const classes = confusion.length
  const cellOfRow = listCells(confusion)
  const random = createRandomIndex(options.seed)
  const samples: ConfusionFigures[] = []
  for (let resample = 0; resample < options.resamples; resample++) {
    const counts = new Array<number>(classes * classes).fill(0)
    for (let draw = 0; draw < cellOfRow.length; draw++) {
      const cell = cellOfRow[random(cellOfRow.length)] ?? 0
      counts[cell] = (counts[cell] ?? 0) + 1
    }
    samples.push(confusionFigures(toMatrix(counts, classes)))
  }
  const over = (figure: (sample: ConfusionFigures) => number): Interval => percentiles(samples.map(figure))
  return {
    accuracy: over((sample) => sample.accuracy),
    macroRecall: over((sample) => sample.macroRecall),
    macroF1: over((sample) => sample.macroF1),
    perClass: Array.from(confusion, (_, label) => ({
      precision: over((sample) => sample.perClass[label]?.precision ?? 0),
      recall: over((sample) => sample.perClass[label]?.recall ?? 0),
      f1: over((sample) => sample.perClass[label]?.f1 ?? 0),
    })),
  }
}

/** For every row the number of its cell, row-major. */
function listCells(confusion: Confusion): Uint32Array {
  const counts = confusion.flat()
  const cells = new Uint32Array(counts.reduce((total, count) => total + count, 0))
  let row = 0
  for (const [cell, count] of counts.entries()) {
    cells.fill(cell, row, row + count)
    row += count
  }
  return cells
}

function toMatrix(counts: readonly number[], classes: number): Confusion {
  return Array.from({ length: classes }, (_, label) => counts.slice(label * classes, (label + 1) * classes))
}

function percentiles(values: readonly number[]): Interval {
  const sorted = Float64Array.from(values).sort()
  return [percentile(sorted, 0.025), percentile(sorted, 0.975)]
}
