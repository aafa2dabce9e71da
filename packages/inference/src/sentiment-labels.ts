// Finds the three sentiments among a model's labels.
import { SENTIMENTS, type Sentiment } from '@renown/reputation'
import { EngineError } from './errors.ts'

const SPELLINGS: Readonly<Record<string, Sentiment>> = {
  negative: 'negative',
  neg: 'negative',
  neutral: 'neutral',
  neu: 'neutral',
  positive: 'positive',
  pos: 'positive',
}

/** The logit index of each sentiment. */
export type LabelPlaces = Readonly<Record<Sentiment, number>>

/**
 * Takes the first list that names exactly the three sentiments, in any order and case; `neg`, `neu` and `pos` count.
 * Throws LABELS_UNSUPPORTED.
 */
export function placeLabels(...lists: readonly (readonly string[])[]): LabelPlaces {
  for (const labels of lists) {
    const places = tryPlace(labels)
    if (places !== null) return places
  }
  const got = lists.map((labels) => labels.join(', ')).join(' / ')
  throw new EngineError('LABELS_UNSUPPORTED', `labels: expected ${SENTIMENTS.join(', ')}, got ${got || 'none'}`)
}

function tryPlace(labels: readonly string[]): LabelPlaces | null {
  if (labels.length !== SENTIMENTS.length) return null
  const found = labels.map((label) => SPELLINGS[label.trim().toLowerCase()])
  const [negative, neutral, positive] = SENTIMENTS.map((sentiment) => found.indexOf(sentiment))
  if (negative === undefined || neutral === undefined || positive === undefined) return null
  return Math.min(negative, neutral, positive) < 0 ? null : { negative, neutral, positive }
}
