// What of a post is watched: each feature with its fixed bins, so that counts of any two hours can be added.

export const SCRIPTS = ['latin', 'cyrillic', 'arabic', 'devanagari', 'east_asian', 'other', 'none'] as const
export type Script = (typeof SCRIPTS)[number]

export const LANGUAGES = ['en', 'de', 'es', 'fr', 'id', 'it', 'nl', 'pt', 'tr', 'unknown'] as const
export type Language = (typeof LANGUAGES)[number]

export const FEATURE_NAMES = [
  /** In characters, without addresses and mentions. */
  'length',
  /** Share of tokens that the model doesn't know. */
  'unknown',
  /** Tokens for each word. */
  'pieces',
  'script',
  'language',
  /** Probability of the model's answer. */
  'confidence',
  /** Of the model's answer, from 0 to 1. */
  'entropy',
  /** Share of words that the reference doesn't have. */
  'novelty',
] as const

export type FeatureName = (typeof FEATURE_NAMES)[number]
type NumberFeature = Exclude<FeatureName, 'script' | 'language'>

/** Bin `i` holds values above edge `i − 1`, up to and with edge `i`; the last one is open. */
export const EDGES: Readonly<Record<NumberFeature, readonly number[]>> = {
  length: [20, 40, 60, 80, 100, 120, 140, 180, 240, 400],
  unknown: [0, 0.05, 0.1, 0.2],
  pieces: [1, 1.15, 1.3, 1.5, 1.8, 2.2, 3],
  confidence: [0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95],
  entropy: [0.2, 0.35, 0.5, 0.6, 0.7, 0.8, 0.9],
  novelty: [0, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5],
}

export function binCount(name: FeatureName): number {
  if (name === 'script') return SCRIPTS.length
  return name === 'language' ? LANGUAGES.length : EDGES[name].length + 1
}

export function binOf(name: NumberFeature, value: number): number {
  const at = EDGES[name].findIndex((edge) => value <= edge)
  return at === -1 ? EDGES[name].length : at
}
