// From a model's probabilities to the answer for one text.
import { type Classification, SENTIMENTS, type Sentiment } from '@renown/reputation'
import type { LabelPlaces } from './sentiment-labels.ts'

/** `probabilities` in the model's order. Null where they aren't numbers: such a model answered nothing. */
export function toClassification(
  probabilities: readonly number[],
  places: LabelPlaces,
  windows: number,
  model: string,
): Classification | null {
  const negative = probabilities[places.negative]!
  const neutral = probabilities[places.neutral]!
  const positive = probabilities[places.positive]!
  if (!Number.isFinite(negative + neutral + positive)) return null
  const scores = { negative, neutral, positive }
  const label = SENTIMENTS.reduce<Sentiment>((best, each) => (scores[each] > scores[best] ? each : best), 'negative')
  return { label, score: scores[label], scores, windows, model, cached: false }
}
