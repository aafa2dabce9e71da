// Texts of token ids whose label can be learnt: a few ids of each label among ids of none.
import { createRandomIndex } from '../../evaluate/random.ts'
import type { TrainingExample } from '../training-example.ts'

export const VOCABULARY = 40
export const LABELS = ['negative', 'neutral', 'positive'] as const

/** The same count and seed give the same texts, of 3 to 14 tokens. */
export function makeExamples(count: number, seed = 1): TrainingExample[] {
  const draw = createRandomIndex(seed)
  return Array.from({ length: count }, (_, row) => {
    const label = draw(LABELS.length)
    const length = 3 + draw(12)
    const ids = Int32Array.from({ length }, () => (draw(3) === 0 ? label * 5 + draw(5) : 15 + draw(VOCABULARY - 15)))
    return { ids, label, row }
  })
}
