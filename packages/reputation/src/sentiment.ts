// What a post can feel like: the three sentiments, their probabilities and their counts.
export const SENTIMENTS = ['negative', 'neutral', 'positive'] as const

export type Sentiment = (typeof SENTIMENTS)[number]

/** The probability of each sentiment; they sum to 1. */
export type SentimentScores = Readonly<Record<Sentiment, number>>

/** How many posts have each sentiment. */
export interface SentimentCounts {
  negative: number
  neutral: number
  positive: number
}

export function isSentiment(value: unknown): value is Sentiment {
  return SENTIMENTS.some((sentiment) => sentiment === value)
}

/** Counts at zero, to add to. */
export function emptyCounts(): SentimentCounts {
  return { negative: 0, neutral: 0, positive: 0 }
}

/** How many posts the counts cover. */
export function totalOf(counts: Readonly<SentimentCounts>): number {
  return counts.negative + counts.neutral + counts.positive
}

export function sumCounts(parts: Iterable<Readonly<SentimentCounts>>): SentimentCounts {
  const sum = emptyCounts()
  for (const part of parts) {
    for (const sentiment of SENTIMENTS) sum[sentiment] += part[sentiment]
  }
  return sum
}
