// Losses written as targets are those of torch and transformers.
import { describe, expect, it } from 'vitest'
import { MlError } from '../errors.ts'
import { parseTrainingArguments } from './arguments/parse-arguments.ts'
import { type LossOptions, lossOptions, makeLossTargets, resolveClassWeights } from './loss-targets.ts'
import type { TrainingExample } from './training-example.ts'

const LOGITS = [
  [0.5, -1, 2],
  [1.5, 0.25, -0.75],
  [-0.5, 0.1, 0.3],
  [2, 1, 0],
]
const LABEL_OF_ROW = [2, 0, 1, 1]
const TEACHER = [
  [0.1, 0.2, 0.7],
  [0.6, 0.3, 0.1],
  [0.2, 0.5, 0.3],
  [0.3, 0.6, 0.1],
]
const PLAIN: LossOptions = {
  labels: 3,
  smoothing: 0,
  classWeights: [1, 1, 1],
  distillation: null,
}

const examples: TrainingExample[] = LABEL_OF_ROW.map((label, row) => ({ ids: Int32Array.of(1), label, row }))
const taught = examples.map((example, row) => ({ ...example, soft: TEACHER[row]! }))

function logSoftmax(logits: readonly number[], temperature: number): number[] {
  const scaled = logits.map((value) => value / temperature)
  const log = Math.log(scaled.reduce((sum, value) => sum + Math.exp(value), 0))
  return scaled.map((value) => value - log)
}

/** −Σ targets · log softmax(logits / T), as the model computes it. */
function crossEntropy(targets: Float32Array, rows: readonly number[], temperature = 1): number {
  const logs = rows.flatMap((row) => logSoftmax(LOGITS[row]!, temperature))
  return -logs.reduce((sum, value, index) => sum + value * targets[index]!, 0)
}

function lossOf(parts: readonly (readonly TrainingExample[])[], options: LossOptions): number {
  return makeLossTargets(parts, options).reduce((sum, { targets, soft, constant }, index) => {
    const rows = parts[index]!.map(({ row }) => row)
    return (
      sum + crossEntropy(targets, rows) + (soft ? crossEntropy(soft.targets, rows, soft.temperature) : 0) + constant
    )
  }, 0)
}

describe('the loss of an update', () => {
  // torch.nn.CrossEntropyLoss and transformers' LabelSmoother on LOGITS, float32.
  it.each([
    ['cross-entropy', {}, 0.7496286034584045],
    ['with label smoothing', { smoothing: 0.1 }, 0.8196286559104919],
    ['with class weights', { classWeights: [1, 2, 0.5] }, 0.9644344449043274],
    ['with both', { classWeights: [1, 2, 0.5], smoothing: 0.1 }, 0.9990200996398926],
  ])('is %s', (_, changes, expected) => {
    const options = { ...PLAIN, ...changes }
    expect(lossOf([examples], options)).toBeCloseTo(expected, 6)
    expect(lossOf([examples.slice(0, 3), examples.slice(3)], options)).toBeCloseTo(expected, 6)
    expect(
      lossOf(
        examples.map((example) => [example]),
        options,
      ),
    ).toBeCloseTo(expected, 6)
  })

  it('mixes labels and teacher: 0.7 · CE + 0.3 · 2² · kl_div(…, batchmean)', () => {
    const options = { ...PLAIN, distillation: { weight: 0.3, temperature: 2 } }
    expect(lossOf([taught], options)).toBeCloseTo(0.5761941432952881, 6)
    expect(lossOf([taught.slice(0, 1), taught.slice(1)], options)).toBeCloseTo(0.5761941432952881, 6)
  })

  it('is that of the labels alone where nothing teaches', () => {
    expect(makeLossTargets([taught], PLAIN)[0]).not.toHaveProperty('soft')
    const settings = parseTrainingArguments({})
    const labels = ['a', 'b', 'c']
    expect(lossOptions(settings, examples, labels).distillation).toBe(null)
    expect(lossOptions({ ...settings, distillationWeight: 0 }, taught, labels).distillation).toBe(null)
    expect(lossOptions(settings, taught, labels).distillation).toEqual({ weight: 0.5, temperature: 2 })
  })

  it('is the mean over the texts where some have a teacher, some a label, some both', () => {
    const options = { ...PLAIN, distillation: { weight: 0.5, temperature: 1 } }
    const mixed = [examples[0]!, taught[1]!, { ...taught[2]!, label: -1 }]
    const hard = (row: number) => -logSoftmax(LOGITS[row]!, 1)[LABEL_OF_ROW[row]!]!
    const soft = (row: number) => {
      const logs = logSoftmax(LOGITS[row]!, 1)
      return TEACHER[row]!.reduce((sum, p, index) => sum + p * (Math.log(p) - logs[index]!), 0)
    }
    const expected = (hard(0) + 0.5 * hard(1) + 0.5 * soft(1) + 0.5 * soft(2)) / 3
    expect(lossOf([mixed], options)).toBeCloseTo(expected, 6)
  })

  it('is 0 against a teacher that the student equals, zeros included', () => {
    const options = { ...PLAIN, distillation: { weight: 1, temperature: 3 } }
    const sure = { ...examples[0]!, soft: logSoftmax(LOGITS[0]!, 1).map(Math.exp) }
    expect(lossOf([[sure]], options)).toBeCloseTo(0, 6)
    expect(lossOf([[{ ...sure, soft: [0, 0, 1] }]], options)).toBeGreaterThan(0)
  })
})

describe('class weights', () => {
  const labels = ['negative', 'neutral', 'positive']

  it('that are balanced are n / (labels · count)', () => {
    expect(resolveClassWeights('balanced', examples, labels)).toEqual([4 / 3, 4 / 6, 4 / 3])
  })

  it('may be a list or named', () => {
    expect(resolveClassWeights([1, 2, 3], examples, labels)).toEqual([1, 2, 3])
    expect(resolveClassWeights({ positive: 3, negative: 1, neutral: 2 }, examples, labels)).toEqual([1, 2, 3])
    expect(resolveClassWeights(null, examples, labels)).toEqual([1, 1, 1])
  })

  it.each([
    ['too few', [1, 2]],
    ['an unknown label', { negative: 1, neutral: 1, happy: 1 }],
    ['a missing label', { negative: 1, neutral: 1 }],
  ])('with %s are refused', (_, weights) => {
    expect(() => resolveClassWeights(weights, examples, labels)).toThrow(MlError)
  })

  it('that are balanced need a text of each label', () => {
    expect(() => resolveClassWeights('balanced', examples.slice(0, 2), labels)).toThrow(/no text has the label neutral/)
  })
})
