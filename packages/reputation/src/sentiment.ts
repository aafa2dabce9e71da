// What a post can feel like: the three sentiments, their probabilities and their counts.
export const SENTIMENTS = ['negative', 'neutral', 'positive'] as const

export type Sentiment = (typeof SENTIMENTS)[number]

/** The probability of each sentiment; they sum to 1. */
export type SentimentScores = Readonly<Record<Sentiment, number>>

/** How many posts have each sentiment. */
export type SentimentCounts = Readonly<Record<Sentiment, number>>

export function isSentiment(value: unknown): value is Sentiment {
  return SENTIMENTS.some((sentiment) => sentiment === value)
}
