// Counts over the posts of an hour, or of many: of fixed size, and two can be added.
import { SENTIMENTS } from '../sentiment.ts'
import { binCount, binOf, FEATURE_NAMES, type FeatureName } from './features.ts'
import type { Observation } from './observation.ts'
import { noveltyOf, type WordSet } from './word-set.ts'

/** How many groups words are counted in. */
export const WORD_GROUPS = 512

/** Each list has one entry a label that the model gave, in the order of SENTIMENTS. */
export interface Sketch {
  readonly posts: number[]
  readonly histograms: Readonly<Record<FeatureName, number[][]>>
  /** In how many posts a word of each group occurs. */
  readonly words: number[][]
}

export function createSketch(): Sketch {
  const rows = (length: number): number[][] => SENTIMENTS.map(() => new Array<number>(length).fill(0))
  const histograms = Object.fromEntries(FEATURE_NAMES.map((name) => [name, rows(binCount(name))]))
  return {
    posts: SENTIMENTS.map(() => 0),
    histograms: histograms as Record<FeatureName, number[][]>,
    words: rows(WORD_GROUPS),
  }
}

/** `known`: the words of the reference that the sketch will be compared with. */
export function addObservation(sketch: Sketch, { label, bins, words }: Observation, known: WordSet): void {
  const row = SENTIMENTS.indexOf(label)
  const novelty = binOf('novelty', noveltyOf(known, words))
  const all: Readonly<Record<FeatureName, number>> = { ...bins, novelty }
  increment(sketch.posts, row)
  for (const name of FEATURE_NAMES) increment(sketch.histograms[name][row]!, all[name])
  for (const group of wordGroups(words)) increment(sketch.words[row]!, group)
}

/** The groups that the words of one post fall into, each once. */
export function wordGroups(words: Uint32Array): ReadonlySet<number> {
  return new Set(Array.from(words, (hash) => hash % WORD_GROUPS))
}

export function mergeSketches(parts: Iterable<Sketch>): Sketch {
  const sum = createSketch()
  for (const part of parts) {
    addInto(sum.posts, part.posts)
    for (const name of FEATURE_NAMES) addRows(sum.histograms[name], part.histograms[name])
    addRows(sum.words, part.words)
  }
  return sum
}

export function sketchPosts({ posts }: Pick<Sketch, 'posts'>): number {
  return posts.reduce((sum, count) => sum + count, 0)
}

function addRows(sums: readonly number[][], rows: readonly (readonly number[])[]): void {
  for (const [at, row] of rows.entries()) addInto(sums[at]!, row)
}

function addInto(sums: number[], counts: readonly number[]): void {
  for (const [at, count] of counts.entries()) sums[at] = (sums[at] ?? 0) + count
}

function increment(counts: number[], at: number): void {
  counts[at] = (counts[at] ?? 0) + 1
}
