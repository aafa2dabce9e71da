// The reference profile: what posts were like that the model was measured on, and how often it was right about them.
import { SENTIMENTS, type Sentiment } from '../sentiment.ts'
import { binCount, binOf, FEATURE_NAMES, type FeatureName } from './features.ts'
import type { Observation } from './observation.ts'
import { type Sketch, WORD_GROUPS, wordGroups } from './sketch.ts'
import { addWord, createWordSet, type WordSet, wordPlace } from './word-set.ts'

/** `[true label][label that the model gave]`, both in the order of SENTIMENTS. */
export type Cells<T> = T[][]

/** Counts by the true label and the model's, so that they can be reweighted to another mix of labels. */
export interface ReferenceProfile {
  readonly posts: Cells<number>
  readonly histograms: Readonly<Record<FeatureName, Cells<number[]>>>
  readonly words: Cells<number[]>
  readonly known: WordSet
}

export interface LabelledObservation extends Observation {
  readonly truth: Sentiment
}

/**
 * A post of the reference is as new as if it were not in it: a word that only this post has counts as unknown. So a post
 * from the same source is as new on average, however small the reference is.
 */
export function buildReference(observations: readonly LabelledObservation[]): ReferenceProfile {
  const uses = countUses(observations)
  const profile = emptyReference()
  for (const { truth, label, bins, words } of observations) {
    const row = SENTIMENTS.indexOf(truth)
    const column = SENTIMENTS.indexOf(label)
    const lonely = words.reduce((count, hash) => count + ((uses.get(wordPlace(hash)) ?? 0) < 2 ? 1 : 0), 0)
    const novelty = binOf('novelty', words.length === 0 ? 0 : lonely / words.length)
    const all: Readonly<Record<FeatureName, number>> = { ...bins, novelty }
    profile.posts[row]![column]! += 1
    for (const name of FEATURE_NAMES) profile.histograms[name][row]![column]![all[name]]! += 1
    for (const group of wordGroups(words)) profile.words[row]![column]![group]! += 1
    for (const hash of words) addWord(profile.known, hash)
  }
  return profile
}

export function emptyReference(): ReferenceProfile {
  const histograms = Object.fromEntries(FEATURE_NAMES.map((name) => [name, emptyCells(binCount(name))]))
  return {
    posts: SENTIMENTS.map(() => SENTIMENTS.map(() => 0)),
    histograms: histograms as Record<FeatureName, Cells<number[]>>,
    words: emptyCells(WORD_GROUPS),
    known: createWordSet(),
  }
}

function emptyCells(length: number): Cells<number[]> {
  return SENTIMENTS.map(() => SENTIMENTS.map(() => new Array<number>(length).fill(0)))
}

/** In how many posts each place of the word set occurs. */
function countUses(observations: readonly Observation[]): ReadonlyMap<number, number> {
  const uses = new Map<number, number>()
  for (const { words } of observations) {
    for (const place of new Set(Array.from(words, wordPlace))) uses.set(place, (uses.get(place) ?? 0) + 1)
  }
  return uses
}

/**
 * Earlier posts, whose true labels nobody knows, as a reference: as if the model had been right about all of them. So
 * they are weighted to the live mix of the labels that the model gave. `known`: the words that the sketch was made with.
 */
export function referenceOfSketch(sketch: Sketch, known: WordSet): ReferenceProfile {
  const onDiagonal = <T>(values: readonly T[], empty: T): Cells<T> =>
    values.map((value, truth) => values.map((_, label) => (truth === label ? value : empty)))
  const spread = (rows: readonly number[][]): Cells<number[]> => onDiagonal(rows, new Array(rows[0]!.length).fill(0))
  const histograms = Object.fromEntries(FEATURE_NAMES.map((name) => [name, spread(sketch.histograms[name])]))
  return {
    posts: onDiagonal(sketch.posts, 0),
    histograms: histograms as Record<FeatureName, Cells<number[]>>,
    words: spread(sketch.words),
    known,
  }
}

export function referencePosts({ posts }: Pick<ReferenceProfile, 'posts'>): number {
  return posts.flat().reduce((sum, count) => sum + count, 0)
}
