// One text's label in words, with its shape: colour never says it alone.
import type { Sentiment, SentimentResponse } from '../api/types.ts'
import { formatNoun, formatShare } from '../format/number.ts'

export const SHAPES: Readonly<Record<Sentiment, string>> = { negative: '▼', neutral: '●', positive: '▲' }
export const WORDS: Readonly<Record<Sentiment, string>> = {
  negative: 'Negative',
  neutral: 'Neutral',
  positive: 'Positive',
}

/** How sure the model is, from the probability of its label. */
export function describeCertainty(score: number): string {
  if (score >= 0.9) return 'The model is sure.'
  if (score >= 0.65) return 'The model leans this way.'
  return 'The model is torn.'
}

/** The whole answer as one sentence, for those who listen. */
export function describeVerdict(answer: SentimentResponse): string {
  return `${WORDS[answer.label]}, ${formatShare(answer.score)}. ${describeCertainty(answer.score)}`
}

/** "" for a text that fits the model's window. */
export function describeWindows(windows: number): string {
  return windows > 1 ? `Long text: read in ${formatNoun(windows, 'overlapping part')}.` : ''
}
