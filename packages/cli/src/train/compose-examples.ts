// From the rows of each source to the examples of an epoch.
import { shuffledIndices, type TrainingExample } from '@renown/ml'

export interface WeightedExamples {
  readonly examples: readonly TrainingExample[]
  /** How often each comes in an epoch. */
  readonly weight: number
}

const FRACTION_SEED = 42

/** 2 takes all examples twice, 0.5 half of them, 1.5 all of them and half of them again: the same ones in every epoch. */
export function composeExamples(sources: readonly WeightedExamples[]): readonly TrainingExample[] {
  return sources.flatMap(({ examples, weight }) => {
    const whole = Array.from({ length: Math.floor(weight) }, () => examples).flat()
    const rest = Math.round((weight - Math.floor(weight)) * examples.length)
    const picked =
      rest === 0 ? [] : [...shuffledIndices(examples.length, FRACTION_SEED).slice(0, rest)].sort((a, b) => a - b)
    return [...whole, ...picked.map((index) => examples[index] as TrainingExample)]
  })
}
