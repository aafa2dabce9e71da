// The reference profile of a model, from the posts that it was measured on.
import { loadTextEncoder, prepareText } from '@renown/ml/posts'
import {
  buildReference,
  type LabelledObservation,
  observe,
  type ReferenceProfile,
  SENTIMENTS,
} from '@renown/reputation'
import type { ModelManifest } from '../manifest.ts'

export interface ProfiledPosts {
  readonly texts: readonly string[]
  /** Class of each text, as an index into the model's labels. */
  readonly classes: readonly number[]
  /** Of each text, in the order of the labels. */
  readonly probabilities: readonly (readonly number[])[]
}

export interface ProfiledFolder {
  readonly path: string
  readonly manifest: Pick<ModelManifest, 'labels' | 'preparation' | 'window'>
}

/** null for a model whose labels are not the three sentiments. Throws what loading the tokenizer throws. */
export async function makeProfile(folder: ProfiledFolder, posts: ProfiledPosts): Promise<ReferenceProfile | null> {
  const observations = await observePosts(folder, posts)
  return observations === null ? null : buildReference(observations)
}

/** What a profile is made of: one observation a post. */
export async function observePosts(
  folder: ProfiledFolder,
  posts: ProfiledPosts,
): Promise<readonly LabelledObservation[] | null> {
  const places = placesOf(folder.manifest.labels)
  if (places === null) return null
  const countTokens = await openTokenCounter(folder)
  return posts.texts.map((text, at): LabelledObservation => {
    const [negative = 0, neutral = 0, positive = 0] = places.map((place) => posts.probabilities[at]?.[place] ?? 0)
    const scores = { negative, neutral, positive }
    const label = SENTIMENTS.reduce((best, each) => (scores[each] > scores[best] ? each : best))
    const truth = SENTIMENTS[places.indexOf(posts.classes[at] ?? 0)] ?? label
    return { ...observe({ text, label, scores, ...countTokens(text) }), truth }
  })
}

export interface TokenCounts {
  readonly tokens: number
  readonly unknownTokens: number
}

const COUNTED_TOKENS = 256
/** One before a sequence and one behind it. */
const SPECIAL_TOKENS = 2

/** Counts the tokens of the beginning of a text, which is all that a post usually has. Throws what loading throws. */
export async function openTokenCounter(folder: ProfiledFolder): Promise<(text: string) => TokenCounts> {
  const { preparation, window } = folder.manifest
  const encoder = await loadTextEncoder(folder.path, window === undefined ? {} : { window })
  return (text) => {
    const ids = encoder.encodeTruncated(prepareText(text, preparation), COUNTED_TOKENS)
    const unknownTokens = ids.filter((id) => id === encoder.unknownId).length
    return { tokens: Math.max(0, ids.length - SPECIAL_TOKENS), unknownTokens }
  }
}

/** Where each sentiment stands among the labels, whatever their case; `neg`, `neu` and `pos` count. */
function placesOf(labels: readonly string[]): readonly number[] | null {
  const short = labels.map((label) => label.trim().toLowerCase().slice(0, 3))
  const places = SENTIMENTS.map((sentiment) => short.indexOf(sentiment.slice(0, 3)))
  return labels.length === SENTIMENTS.length && Math.min(...places) >= 0 ? places : null
}
