// Learning rates are those of transformers' schedulers (5.23), update by update.
import { describe, expect, it } from 'vitest'
import { parseTrainingArguments } from './arguments/parse-arguments.ts'
import { countWarmupSteps, learningRateAt } from './learning-rate.ts'

const WARM = [0, 0.0006666666666666666, 0.0013333333333333333]

/**
 * get_scheduler(name, optimizer with lr 2e-3, num_warmup_steps, num_training_steps): eight updates, three of warm-up.
 */
const WARMED = {
  linear: [...WARM, 0.002, 0.0016, 0.0012, 0.0008, 0.0004],
  cosine: [...WARM, 0.002, 0.0018090169943749475, 0.0013090169943749475, 0.0006909830056250527, 0.00019098300562505265],
  cosine_with_restarts: [
    ...WARM,
    0.002,
    0.0018090169943749475,
    0.0013090169943749475,
    0.0006909830056250527,
    0.00019098300562505265,
  ],
  polynomial: [...WARM, 0.002, 0.0016000200000000004, 0.00120004, 0.0008000600000000001, 0.00040008],
  constant: [0.002, 0.002, 0.002, 0.002, 0.002, 0.002, 0.002, 0.002],
  constant_with_warmup: [...WARM, 0.002, 0.002, 0.002, 0.002, 0.002],
  inverse_sqrt: [
    ...WARM,
    0.002,
    0.0017320508075688774,
    0.0015491933384829668,
    0.001414213562373095,
    0.001309307341415954,
  ],
} as const

/** Five updates without warm-up. */
const COLD = {
  linear: [0.002, 0.0016, 0.0012, 0.0008, 0.0004],
  polynomial: [0.002, 0.0016000200000000004, 0.00120004, 0.0008000600000000001, 0.00040008],
  inverse_sqrt: [0.002, 0.0019999000074993755, 0.001999800029995001, 0.0019997000674831294, 0.0019996001199600144],
} as const

function rates(name: string, warmup: number, total: number): number[] {
  const settings = parseTrainingArguments({ lr_scheduler_type: name, learning_rate: 2e-3 })
  return Array.from({ length: total }, (_, step) => learningRateAt(settings, step, warmup, total))
}

describe('learning rates', () => {
  it.each(Object.entries(WARMED))('of %s after a warm-up', (name, expected) => {
    for (const [step, rate] of rates(name, 3, 8).entries()) expect(rate).toBeCloseTo(expected[step]!, 15)
  })

  it.each(Object.entries(COLD))('of %s without one', (name, expected) => {
    for (const [step, rate] of rates(name, 0, 5).entries()) expect(rate).toBeCloseTo(expected[step]!, 15)
  })

  it('are 0 in the first update of a warm-up', () => {
    expect(rates('linear', 1, 5)[0]).toBe(0)
  })

  it('keep rising where the warm-up is longer than the run', () => {
    expect(rates('linear', 10, 3)).toEqual([0, 2e-4, 4e-4])
  })
})

describe('a warm-up', () => {
  it.each([
    [{ warmup_steps: 30 }, 30],
    [{ warmup_steps: 1 }, 1],
    [{ warmup_steps: 0.1 }, 11],
    [{ warmup_ratio: 0.1 }, 11],
    [{ warmup_ratio: 1 }, 101],
    [{}, 0],
  ])('of %j has %i of 101 updates', (given, expected) => {
    expect(countWarmupSteps(parseTrainingArguments(given), 101)).toBe(expected)
  })
})
