// The domain's public names.
export type { Classification, Classifier, ClassifyOptions, ClassifyOutcome, Refusal } from './classifier.ts'
export { isRefusal } from './classifier.ts'
export type { Sentiment, SentimentCounts, SentimentScores } from './sentiment.ts'
export { isSentiment, SENTIMENTS } from './sentiment.ts'
