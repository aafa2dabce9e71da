// Percentile bootstrap intervals of the figures that follow from a confusion matrix.
import { type Confusion, confusionFigures } from './confusion.ts'
import { createRandomIndex } from './random.ts'

export type Interval = readonly [low: number, high: number]

export interface BootstrapIntervals {
  readonly accuracy: Interval
  readonly macroRecall: Interval
  readonly macroF1: Interval
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
  const samples = { accuracy: [], macroRecall: [], macroF1: [] } as Record<keyof BootstrapIntervals, number[]>
  for (let resample = 0; resample < options.resamples; resample++) {
    const counts = new Array<number>(classes * classes).fill(0)
    for (let draw = 0; draw < cellOfRow.length; draw++) {
      const cell = cellOfRow[random(cellOfRow.length)] ?? 0
      counts[cell] = (counts[cell] ?? 0) + 1
    }
    const figures = confusionFigures(toMatrix(counts, classes))
    samples.accuracy.push(figures.accuracy)
    samples.macroRecall.push(figures.macroRecall)
    samples.macroF1.push(figures.macroF1)
  }
  return {
    accuracy: percentiles(samples.accuracy),
    macroRecall: percentiles(samples.macroRecall),
    macroF1: percentiles(samples.macroF1),
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

/** Linear interpolation between the closest ranks, numpy's default. */
function percentile(sorted: Float64Array, share: number): number {
  const rank = share * (sorted.length - 1)
  const low = sorted[Math.floor(rank)] ?? 0
  const high = sorted[Math.ceil(rank)] ?? 0
  return low + (high - low) * (rank - Math.floor(rank))
}
