// One number that makes a classifier's probabilities honest without changing its labels.

import { MlError } from '../errors.ts'
import { checkLabels } from './check-rows.ts'

export interface TemperatureFit {
  /** Logits are divided by it before the softmax. */
  readonly temperature: number
  /** Mean negative log-likelihood (nats) with this temperature, and with 1. */
  readonly nll: number
  readonly nllAtOne: number
}

/** The search stays between these temperatures; a set without a single wrong answer has no best one. */
const LOWEST = 0.05
const HIGHEST = 20

/**
 * The temperature with the least negative log-likelihood on labelled logits (Guo et al. 2017, section 4.2). The likelihood
 * is convex in 1 / temperature, whose derivative's only zero is found by halving. Throws MlError EVALUATION_INVALID.
 */
export function fitTemperature(logits: readonly ArrayLike<number>[], labels: readonly number[]): TemperatureFit {
  checkLogits(logits, labels)
  let low = 1 / HIGHEST
  let high = 1 / LOWEST
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2
    if (slope(logits, labels, middle) > 0) high = middle
    else low = middle
  }
  const scale = (low + high) / 2
  return {
    temperature: 1 / scale,
    nll: negativeLogLikelihood(logits, labels, scale),
    nllAtOne: negativeLogLikelihood(logits, labels, 1),
  }
}

function checkLogits(logits: readonly ArrayLike<number>[], labels: readonly number[]): void {
  const classes = logits[0]?.length ?? 0
  checkLabels(labels, logits.length, classes)
  for (const [row, values] of logits.entries()) {
    if (values.length !== classes || !Array.from(values).every(Number.isFinite)) {
      throw new MlError(
        'EVALUATION_INVALID',
        `Row ${row}: expected ${classes} finite logits, got [${Array.from(values).join(', ')}]`,
      )
    }
  }
}

/** d NLL / d scale of all rows: expected logit under the model minus the label's logit. */
function slope(logits: readonly ArrayLike<number>[], labels: readonly number[], scale: number): number {
  let total = 0
  for (const [row, values] of logits.entries()) {
    const top = largest(values)
    let weights = 0
    let weighted = 0
    for (let i = 0; i < values.length; i++) {
      const value = values[i] ?? 0
      const weight = Math.exp((value - top) * scale)
      weights += weight
      weighted += weight * value
    }
    total += weighted / weights - (values[labels[row] ?? 0] ?? 0)
  }
  return total
}

function negativeLogLikelihood(logits: readonly ArrayLike<number>[], labels: readonly number[], scale: number): number {
  let total = 0
  for (const [row, values] of logits.entries()) {
    const top = largest(values)
    let weights = 0
    for (let i = 0; i < values.length; i++) weights += Math.exp(((values[i] ?? 0) - top) * scale)
    total += Math.log(weights) - ((values[labels[row] ?? 0] ?? 0) - top) * scale
  }
  return total / logits.length
}

function largest(values: ArrayLike<number>): number {
  let top = Number.NEGATIVE_INFINITY
  for (let i = 0; i < values.length; i++) top = Math.max(top, values[i] ?? 0)
  return top
}
