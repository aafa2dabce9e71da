// Figures equal scikit-learn's; intervals are repeatable and as wide as those of resampled rows.
import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { MlError } from '../errors.ts'
import { readTestData } from '../testing/test-data.ts'
import { evaluate } from './evaluate.ts'

const CLASSES = ['negative', 'neutral', 'positive']

interface Reference {
  readonly labels: readonly number[]
  readonly predictions: readonly number[]
  readonly accuracy: number
  readonly macro_recall: number
  readonly macro_f1: number
  readonly f1_per_class: readonly number[]
  readonly confusion: readonly (readonly number[])[]
}

async function readReference(): Promise<Reference> {
  return JSON.parse(await readFile(new URL('../../fixtures/metrics.json', import.meta.url), 'utf8'))
}

const certain = (prediction: number): number[] => CLASSES.map((_, index) => (index === prediction ? 1 : 0))

describe('evaluate', () => {
  test('has the figures of scikit-learn', async () => {
    const reference = await readReference()
    const evaluation = evaluate(reference.labels, reference.predictions.map(certain), CLASSES)
    expect(evaluation.n).toBe(200)
    expect(evaluation.accuracy).toBeCloseTo(reference.accuracy, 14)
    expect(evaluation.macroRecall).toBeCloseTo(reference.macro_recall, 14)
    expect(evaluation.macroF1).toBeCloseTo(reference.macro_f1, 14)
    expect(evaluation.confusion).toEqual(reference.confusion)
    for (const [index, f1] of reference.f1_per_class.entries()) {
      expect(evaluation.perClass[index]?.f1).toBeCloseTo(f1, 14)
      expect(evaluation.perClass[index]?.label).toBe(CLASSES[index])
    }
  })

  test('a class without labels has no part in macro recall; predicted wrongly it lowers macro F1', () => {
    const evaluation = evaluate([0, 0, 1, 1], [0, 2, 1, 1].map(certain), CLASSES)
    expect(evaluation.macroRecall).toBe(0.75)
    expect(evaluation.macroF1).toBeCloseTo((2 / 3 + 1 + 0) / 3, 14)
    expect(evaluation.perClass[2]).toEqual({ label: 'positive', precision: 0, recall: 0, f1: 0, support: 0 })
    const absent = evaluate([0, 0, 1, 1], [0, 1, 1, 1].map(certain), CLASSES)
    expect(absent.macroF1).toBeCloseTo((2 / 3 + 4 / 5) / 2, 14)
  })

  test('the first of equally probable classes is predicted', () => {
    expect(evaluate([1], [[0.2, 0.4, 0.4]], CLASSES).accuracy).toBe(1)
  })

  test('calibration error, log-likelihood and Brier score as by hand', () => {
    const rows = [
      [0.9, 0.1],
      [0.92, 0.08],
      [0.55, 0.45],
      [0.4, 0.6],
    ]
    const evaluation = evaluate([0, 1, 0, 1], rows, ['no', 'yes'])
    // Bins (0.867, 0.933], (0.533, 0.6]: |1.82 − 1| and |1.15 − 2| of four rows.
    expect(evaluation.ece).toBeCloseTo((0.82 + 0.85) / 4, 12)
    expect(evaluation.nll).toBeCloseTo(-(Math.log(0.9) + Math.log(0.08) + Math.log(0.55) + Math.log(0.6)) / 4, 12)
    expect(evaluation.brier).toBeCloseTo((2 * 0.1 ** 2 + 2 * 0.92 ** 2 + 2 * 0.45 ** 2 + 2 * 0.4 ** 2) / 4, 12)
  })

  test('intervals repeat with the seed, move with it, and hold the figure', async () => {
    const reference = await readReference()
    const run = (seed: number) => evaluate(reference.labels, reference.predictions.map(certain), CLASSES, { seed })
    expect(run(1)).toEqual(run(1))
    expect(run(1).intervals).not.toEqual(run(2).intervals)
    const { intervals, accuracy } = run(42)
    // Normal approximation of a share of 200 rows.
    const half = 1.96 * Math.sqrt((accuracy * (1 - accuracy)) / 200)
    expect(intervals.accuracy[0]).toBeCloseTo(accuracy - half, 1)
    expect(intervals.accuracy[1]).toBeCloseTo(accuracy + half, 1)
    expect(intervals.macroRecall[0]).toBeLessThan(reference.macro_recall)
    expect(intervals.macroRecall[1]).toBeGreaterThan(reference.macro_recall)
  })

  test.each([
    ['no rows', [], []],
    ['different lengths', [0, 1], [[1, 0, 0]]],
    ['a label out of range', [3], [[1, 0, 0]]],
    ['a label that is no index', [0.5], [[1, 0, 0]]],
    ['too few probabilities', [0], [[1, 0]]],
    ['probabilities that do not sum to 1', [0], [[0.9, 0.9, 0]]],
    ['a negative probability', [0], [[1.5, -0.5, 0]]],
    ['not a number', [0], [[Number.NaN, 0.5, 0.5]]],
  ])('refuses %s', (_name, labels, probabilities) => {
    expect(() => evaluate(labels, probabilities, CLASSES)).toThrow(
      expect.objectContaining({ code: 'EVALUATION_INVALID' }) as MlError,
    )
  })

  test('refuses to draw no resamples', () => {
    expect(() => evaluate([0], [[1, 0, 0]], CLASSES, { resamples: 0 })).toThrow(MlError)
  })
})

describe('the reference model on TweetEval', async () => {
  const logits = await readTestData('models/minilm-sentiment-reference/test-logits.jsonl')
  const rows = await readTestData('data/tweeteval-sentiment/test.jsonl')
  const name = 'has the figures and interval that scikit-learn and numpy gave'
  if (!logits || !rows) return test.skip(`${name} (the data set is not on this machine)`)
  test(name, () => {
    const labels = lines<{ label: string }>(rows).map(({ label }) => CLASSES.indexOf(label))
    const evaluation = evaluate(labels, lines<number[]>(logits).map(softmax), CLASSES)
    expect(evaluation.n).toBe(12_284)
    expect(evaluation.macroRecall).toBeCloseTo(0.7018348731538578, 12)
    expect(evaluation.accuracy).toBeCloseTo(0.690166069684142, 12)
    expect(evaluation.macroF1).toBeCloseTo(0.6893676698128349, 12)
    expect(Math.abs(evaluation.intervals.macroRecall[0] - 0.6934817487601617)).toBeLessThan(0.001)
    expect(Math.abs(evaluation.intervals.macroRecall[1] - 0.7105152299784929)).toBeLessThan(0.001)
  })
})

function lines<T>(text: string): T[] {
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

function softmax(values: readonly number[]): number[] {
  const weights = values.map((value) => Math.exp(value - Math.max(...values)))
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return weights.map((weight) => weight / sum)
}
