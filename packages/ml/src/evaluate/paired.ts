// Two classifiers on the same labelled rows: how much better the second is, and whether the rows could show it.
import { MlError } from '../errors.ts'
import { checkLabels } from './check-rows.ts'
import { type McNemarTest, mcNemar } from './mc-nemar.ts'
import { normalCdf, normalQuantile } from './normal.ts'
import { percentile } from './percentile.ts'
import { createRandomShare } from './random.ts'
import { createRandomBinomial, type RandomBinomial } from './random-binomial.ts'

/** Rows of one class by who is right: both, one alone, or neither. */
export interface PairedClass {
  readonly support: number
  readonly both: number
  readonly onlyFirst: number
  readonly onlySecond: number
  readonly neither: number
}

export interface PairedCounts {
  readonly rows: number
  /** Rows that the two answer differently. */
  readonly differing: number
  /** In the order of the classes. */
  readonly perClass: readonly PairedClass[]
}

/** A difference of recalls, second minus first, as shares. */
export interface PairedDifference {
  readonly difference: number
  /** One-sided bounds: with the asked confidence the true difference is at least `low`, and with the same at most `high`. */
  readonly low: number
  readonly high: number
  /** That of two equally good classifiers with as many rows that only one of them gets right. */
  readonly standardError: number
}

export interface PairedComparison extends PairedCounts {
  /** Over the classes that occur among the labels. */
  readonly macroRecall: PairedDifference
  /** In the order of the classes; null for one without rows. */
  readonly recalls: readonly (PairedDifference | null)[]
  readonly mcNemar: McNemarTest
}

export interface PairedOptions {
  /** Of the one-sided bounds. */
  readonly confidence?: number
  readonly seed?: number
  readonly resamples?: number
}

/** Labels and predictions are indices into the classes. Throws MlError EVALUATION_INVALID. */
export function countPairs(
  labels: readonly number[],
  first: readonly number[],
  second: readonly number[],
  classes: number,
): PairedCounts {
  if (first.length !== second.length) {
    throw new MlError(
      'EVALUATION_INVALID',
      `Cannot compare: expected as many answers, got ${first.length} and ${second.length}`,
    )
  }
  checkLabels(labels, first.length, classes)
  const counts = Array.from({ length: classes }, () => ({
    support: 0,
    both: 0,
    onlyFirst: 0,
    onlySecond: 0,
    neither: 0,
  }))
  let differing = 0
  for (const [row, label] of labels.entries()) {
    const count = counts[label]!
    count.support++
    count[outcomeOf(first[row] === label, second[row] === label)]++
    if (first[row] !== second[row]) differing++
  }
  return { rows: labels.length, differing, perClass: counts }
}

function outcomeOf(first: boolean, second: boolean): Exclude<keyof PairedClass, 'support'> {
  if (first) return second ? 'both' : 'onlyFirst'
  return second ? 'onlySecond' : 'neither'
}

/**
 * Differences of macro recall and of each class's recall, with percentile bounds of a bootstrap over the rows, each with
 * both of its answers. A row matters only by its class and by who is right, so that rows are drawn as counts of those
 * cells. Half a row is added to each cell first (Agresti & Min 2005, "Simple improved confidence intervals for comparing
 * matched proportions"), without which a few rows that both answer alike would pass for certainty. Throws MlError
 * EVALUATION_INVALID.
 */
export function comparePairs(counts: PairedCounts, options: PairedOptions = {}): PairedComparison {
  const { confidence = 0.95, seed = 42, resamples = 10_000 } = options
  if (!Number.isInteger(resamples) || resamples < 1 || !(confidence > 0 && confidence < 1)) {
    throw new MlError(
      'EVALUATION_INVALID',
      `Cannot compare: expected at least one resample and a confidence between 0 and 1, got ${resamples} and ${confidence}`,
    )
  }
  const { perClass } = counts
  const occurring = perClass.filter(({ support }) => support > 0)
  const drawn = resampleDifferences(occurring, counts.rows, resamples, createRandomBinomial(createRandomShare(seed)))
  const estimate = (
    differences: readonly number[],
    errors: readonly number[],
    samples: Float64Array,
  ): PairedDifference => ({
    difference: mean(differences),
    low: percentile(samples, 1 - confidence),
    high: percentile(samples, confidence),
    standardError: Math.hypot(...errors) / errors.length,
  })
  const recalls = perClass.map((entry) => {
    const samples = drawn.recalls[occurring.indexOf(entry)]
    return samples === undefined ? null : estimate([recallDifference(entry)], [equalError(entry)], samples)
  })
  return {
    ...counts,
    macroRecall: estimate(occurring.map(recallDifference), occurring.map(equalError), drawn.macroRecall),
    recalls,
    mcNemar: mcNemar(sum(perClass, 'onlyFirst'), sum(perClass, 'onlySecond')),
  }
}

/** Sorted differences of the resamples. */
interface Resampled {
  readonly macroRecall: Float64Array
  readonly recalls: readonly Float64Array[]
}

const SMOOTHING = 0.5
const CELLS = 4

function resampleDifferences(
  classes: readonly PairedClass[],
  rows: number,
  resamples: number,
  binomial: RandomBinomial,
): Resampled {
  const weights = classes.flatMap(({ both, onlyFirst, onlySecond, neither }) =>
    [onlyFirst, onlySecond, both, neither].map((count) => count + SMOOTHING),
  )
  const total = weights.reduce((all, weight) => all + weight, 0)
  const macroRecall = new Float64Array(resamples)
  const recalls = classes.map(() => new Float64Array(resamples))
  const cells = new Float64Array(weights.length)
  for (let sample = 0; sample < resamples; sample++) {
    drawCells(cells, weights, total, rows, binomial)
    let differences = 0
    let occurring = 0
    for (const [index, values] of recalls.entries()) {
      const at = index * CELLS
      const support = cells[at]! + cells[at + 1]! + cells[at + 2]! + cells[at + 3]!
      if (support === 0) continue
      values[sample] = (cells[at + 1]! - cells[at]!) / support
      differences += values[sample]!
      occurring++
    }
    macroRecall[sample] = differences / occurring
  }
  return { macroRecall: macroRecall.sort(), recalls: recalls.map((values) => values.sort()) }
}

/** A multinomial draw as one binomial a cell, each of what the cells before it have left. */
function drawCells(
  cells: Float64Array,
  weights: readonly number[],
  total: number,
  rows: number,
  binomial: RandomBinomial,
): void {
  let left = rows
  let weightLeft = total
  for (let cell = 0; cell < cells.length; cell++) {
    const weight = weights[cell]!
    const count = cell === cells.length - 1 ? left : binomial(left, weight / weightLeft)
    cells[cell] = count
    left -= count
    weightLeft -= weight
  }
}

function recallDifference({ onlyFirst, onlySecond, support }: PairedClass): number {
  return (onlySecond - onlyFirst) / support
}

/** Of a class's recall difference whose expectation is 0, with half a row more in each cell. */
function equalError({ onlyFirst, onlySecond, support }: PairedClass): number {
  return Math.sqrt(onlyFirst + onlySecond + 2 * SMOOTHING) / (support + CELLS * SMOOTHING)
}

export interface PowerOptions {
  /** One-sided. */
  readonly confidence: number
  readonly power: number
}

/** How likely the lower bound of an equally good classifier clears a fall by `margin`. */
export function powerToSee(margin: number, standardError: number, confidence: number): number {
  return normalCdf(margin / standardError - normalQuantile(confidence))
}

/** With how many rows of the same kind that is as likely as `power`, where `rows` of them gave this error. */
export function rowsToSee(margin: number, standardError: number, rows: number, options: PowerOptions): number {
  const needed = normalQuantile(options.confidence) + normalQuantile(options.power)
  return Math.ceil(rows * ((needed * standardError) / margin) ** 2)
}

function mean(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length
}

function sum(classes: readonly PairedClass[], key: keyof PairedClass): number {
  return classes.reduce((total, entry) => total + entry[key], 0)
}
