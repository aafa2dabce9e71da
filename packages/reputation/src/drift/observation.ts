// What is kept of one scored post: bins and hashes, never its text.
import type { Sentiment, SentimentScores } from '../sentiment.ts'
import { SENTIMENTS } from '../sentiment.ts'
import { binOf, type FeatureName, LANGUAGES, SCRIPTS } from './features.ts'
import { findLanguage, findScript } from './language.ts'
import { hashWords, plainText, splitWords } from './text-words.ts'

export interface ScoredText {
  readonly text: string
  readonly label: Sentiment
  readonly scores: SentimentScores
  /** Of the text as the model reads it, special tokens aside. */
  readonly tokens: number
  readonly unknownTokens: number
}

export interface Observation {
  readonly label: Sentiment
  /** Bin of each feature that needs no reference. */
  readonly bins: Readonly<Record<Exclude<FeatureName, 'novelty'>, number>>
  /** Hashes of its words, each once. */
  readonly words: Uint32Array
}

export function observe({ text, label, scores, tokens, unknownTokens }: ScoredText): Observation {
  const plain = plainText(text)
  const words = splitWords(plain)
  return {
    label,
    bins: {
      length: binOf('length', [...plain].length),
      unknown: binOf('unknown', unknownTokens / Math.max(1, tokens)),
      pieces: binOf('pieces', tokens / Math.max(1, words.length)),
      script: SCRIPTS.indexOf(findScript(plain)),
      language: LANGUAGES.indexOf(findLanguage(words)),
      confidence: binOf('confidence', scores[label]),
      entropy: binOf('entropy', entropyOf(scores)),
    },
    words: hashWords(words),
  }
}

/** 0 where the model is sure, 1 where every label is as likely. */
function entropyOf(scores: SentimentScores): number {
  const nats = SENTIMENTS.reduce(
    (sum, label) => sum - (scores[label] > 0 ? scores[label] * Math.log(scores[label]) : 0),
    0,
  )
  return nats / Math.log(SENTIMENTS.length)
}
