// Posts made of the words of other posts, for a teacher to score: data augmentation for distillation.
import { comparisonForm } from './comparison-form.ts'
import { indexPairs, type PairIndex } from './pair-index.ts'
import { createPcg64 } from './pcg64.ts'

export interface AugmentOptions {
  /** How many are asked for. */
  readonly count: number
  readonly seed: number
}

const FEWEST_WORDS = 3
const MOST_WORDS = 60
/** Of the words of a post, each by itself. */
const SUBSTITUTED = 0.25
/** What of a post a crop keeps, and where a splice cuts: shares of its words. */
const KEPT = [0.4, 0.9] as const
const CUT = [0.25, 0.75] as const
/** In a row, before the next way has its turn; after all ways had theirs, no more are made. */
const FAILURES = 20

/** Stands before, between and after the posts. */
const BOUNDARY = 0

/** The posts as one row of words. */
interface Corpus {
  /** By number; 0 is no word. */
  readonly words: readonly string[]
  /** Numbers of the words as written; a boundary between posts. */
  readonly written: Int32Array
  /** Numbers of the words in lower case. */
  readonly folded: Int32Array
  /** Where each post begins, and after the last one where another would. */
  readonly starts: Int32Array
  /** Of two words that follow each other. */
  readonly followers: PairIndex
  /** Of two words with one between them. */
  readonly neighbours: PairIndex
}

interface Random {
  /** 0 up to, not including, 1. */
  fraction(): number
  /** A whole number from 0 up to, not including, `limit`. */
  below(limit: number): number
}

type Method = (corpus: Corpus, random: Random) => readonly number[]

/**
 * Posts that nobody wrote, each made in one of four ways, by turns: a stretch of a post (n-gram sampling); a post in
 * which words are replaced by others that stand between the same two words elsewhere (after Tang et al. 2019,
 * arXiv:1903.12136, who replace words by others of their part of speech); the beginning of one post and the end of
 * another; a walk from word to word where each follows the two before it somewhere in the posts (a trigram model,
 * Shannon 1948). None equals one of the posts, or another one made, up to punctuation. The same for the same posts and
 * seed. Fewer than asked for where the posts have too few words in common; linear in the words but for a sort.
 */
export function augmentPosts(posts: readonly string[], { count, seed }: AugmentOptions): string[] {
  const corpus = readCorpus(posts)
  if (corpus.starts.length < 3) return []
  const random = createRandom(seed)
  const known = new Set(posts.map(comparisonForm))
  const made: string[] = []
  for (let failures = 0; made.length < count && failures < FAILURES * METHODS.length; failures++) {
    const method = METHODS[(made.length + Math.floor(failures / FAILURES)) % METHODS.length]!
    const words = method(corpus, random)
    if (words.length < FEWEST_WORDS || words.length > MOST_WORDS) continue
    const text = words.map((word) => corpus.words[word]).join(' ')
    const form = comparisonForm(text)
    if (known.has(form)) continue
    known.add(form)
    made.push(text)
    failures = -1
  }
  return made
}

function readCorpus(posts: readonly string[]): Corpus {
  const numbers = new Map<string, number>()
  const words = ['']
  const numberOf = (word: string): number => {
    const known = numbers.get(word)
    if (known !== undefined) return known
    numbers.set(word, words.length)
    return words.push(word) - 1
  }
  const written = [BOUNDARY]
  const folded = [BOUNDARY]
  const starts = [1]
  for (const post of posts) {
    const split = post.split(/\s+/).filter((word) => word !== '')
    if (split.length < FEWEST_WORDS) continue
    for (const word of split) {
      written.push(numberOf(word))
      folded.push(numberOf(word.toLowerCase()))
    }
    written.push(BOUNDARY)
    folded.push(BOUNDARY)
    starts.push(written.length)
  }
  const keys = Int32Array.from(folded)
  return {
    words,
    written: Int32Array.from(written),
    folded: keys,
    starts: Int32Array.from(starts),
    followers: indexPairs(keys, 1),
    neighbours: indexPairs(keys, 2),
  }
}

function createRandom(seed: number): Random {
  const next = createPcg64(seed)
  const fraction = (): number => next() / 2 ** 32
  return { fraction, below: (limit) => Math.floor(fraction() * limit) }
}

function between([least, most]: readonly [number, number], random: Random): number {
  return least + (most - least) * random.fraction()
}

interface Stretch {
  /** Place of the first word. */
  readonly from: number
  readonly length: number
}

function pickPost({ starts }: Corpus, random: Random): Stretch {
  const post = random.below(starts.length - 1)
  const from = starts[post]!
  return { from, length: starts[post + 1]! - 1 - from }
}

const crop: Method = (corpus, random) => {
  const { from, length } = pickPost(corpus, random)
  const kept = Math.max(FEWEST_WORDS, Math.round(between(KEPT, random) * length))
  const start = from + random.below(length - kept + 1)
  return [...corpus.written.subarray(start, start + kept)]
}

const splice: Method = (corpus, random) => {
  const first = pickPost(corpus, random)
  const second = pickPost(corpus, random)
  const end = first.from + Math.round(between(CUT, random) * first.length)
  const start = second.from + Math.round(between(CUT, random) * second.length)
  return [...corpus.written.subarray(first.from, end), ...corpus.written.subarray(start, second.from + second.length)]
}

const substitute: Method = (corpus, random) => {
  const { written, folded, neighbours } = corpus
  const { from, length } = pickPost(corpus, random)
  return Array.from({ length }, (_, index) => {
    const place = from + index
    if (random.fraction() >= SUBSTITUTED) return written[place]!
    const found = neighbours.find(folded[place - 1]!, folded[place + 1]!)
    return written[found.at(random.below(found.count)) + 1]!
  })
}

const walk: Method = (corpus, random) => {
  const { written, folded, followers } = corpus
  const { from } = pickPost(corpus, random)
  const words = [written[from]!]
  let place = from
  while (words.length <= MOST_WORDS) {
    const found = followers.find(folded[place - 1]!, folded[place]!)
    place = found.at(random.below(found.count)) + 2
    if (folded[place] === BOUNDARY) break
    words.push(written[place]!)
  }
  return words
}

const METHODS: readonly Method[] = [crop, substitute, splice, walk]
