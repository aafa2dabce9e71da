// Posts for the tests: made of invented words, from worlds and moods that the test chooses.
import { SENTIMENTS, type SentimentScores } from '../sentiment.ts'
import { observe } from './observation.ts'
import type { LabelledObservation } from './reference.ts'

/** Mix of true sentiments, and how surely and how often rightly a model answers. */
export interface MadeUpWorld {
  readonly topic: string
  readonly mix: readonly [number, number, number]
  /** Probability of a right answer; 0.75 unless given. */
  readonly skill?: number
}

const COMMON = 60
const OF_THE_TOPIC = 400
const WORDS = 12

export function makePosts(world: MadeUpWorld, count: number, random: () => number): LabelledObservation[] {
  return Array.from({ length: count }, () => makePost(world, random))
}

function makePost({ topic, mix, skill = 0.75 }: MadeUpWorld, random: () => number): LabelledObservation {
  const dice = random()
  const truth = dice < mix[0] ? 0 : dice < mix[0] + mix[1] ? 1 : 2
  const label = random() < skill ? truth : (truth + (random() < 0.5 ? 1 : 2)) % 3
  const score = 0.4 + 0.58 * Math.sqrt(random())
  const scores = Object.fromEntries(
    SENTIMENTS.map((name, at) => [name, at === label ? score : (1 - score) / 2]),
  ) as SentimentScores
  const words = Array.from({ length: WORDS }, () => {
    const kind = random()
    if (kind < 0.5) return `common${Math.floor(COMMON * random() ** 2)}`
    if (kind < 0.6) return `mood${truth}${Math.floor(20 * random())}`
    return `${topic}${Math.floor(OF_THE_TOPIC * random())}`
  })
  const named = SENTIMENTS[label]!
  const observation = observe({ text: words.join(' '), label: named, scores, tokens: WORDS, unknownTokens: 0 })
  return { ...observation, truth: SENTIMENTS[truth]! }
}
