// Windows of posts of which we know whether the world, the mood, both or neither differ from the reference.
import { type LabelledObservation, SENTIMENTS } from '@renown/reputation'
import { seededRandom } from './statistics.ts'

export interface TopicPost {
  readonly topic: string
  readonly observation: LabelledObservation
}

export const TRUTHS = ['stable', 'news', 'drift', 'drift_and_news'] as const
export type Truth = (typeof TRUTHS)[number]

export interface Window {
  readonly kind: string
  readonly truth: Truth
  readonly posts: readonly TopicPost[]
}

export interface Trial {
  readonly reference: readonly TopicPost[]
  readonly windows: readonly Window[]
}

/** Share of the topics that the reference has. */
const KNOWN = 0.6
/** How much larger the share of one label becomes in news. */
const MOVED = 0.2
const LABELS = [0, 2] as const

/**
 * The topics are dealt into known and new ones. Half of the posts on known topics are the reference, windows of the
 * others are drawn without replacement:
 * - stable: known topics, the mix of labels of the reference
 * - news: known topics, one label 20 points more frequent; once whatever the topic, once the same in every topic
 * - drift: new topics, or half of each, with the mix of labels of the reference
 * - both: new topics with one label 20 points more frequent
 */
export function makeTrial(posts: readonly TopicPost[], size: number, seed: number): Trial {
  const random = seededRandom(seed)
  const topics = shuffle([...new Set(posts.map(({ topic }) => topic))].sort(), random)
  const known = new Set(topics.slice(0, Math.round(topics.length * KNOWN)))
  const shuffled = shuffle(posts, random)
  const halves = [...known].map((known) => halve(shuffled.filter(({ topic }) => topic === known)))
  const reference = halves.flatMap(([first]) => first)
  const rest = halves.map(([, second]) => second)
  const old = rest.flat()
  const fresh = posts.filter(({ topic }) => !known.has(topic))
  const mix = shares(reference)
  const draw = (pool: readonly TopicPost[], wanted: readonly number[], count = size) =>
    drawMix(pool, wanted, count, random)
  const windows: Window[] = [
    { kind: 'nothing', truth: 'stable', posts: shuffle(old, random).slice(0, size) },
    { kind: 'nothing', truth: 'stable', posts: draw(old, mix) },
    { kind: 'topics', truth: 'drift', posts: draw(fresh, mix) },
    { kind: 'half of the topics', truth: 'drift', posts: [...draw(fresh, mix, size / 2), ...draw(old, mix, size / 2)] },
  ]
  for (const label of LABELS) {
    const moved = move(mix, label)
    windows.push(
      { kind: 'mood', truth: 'news', posts: draw(old, moved) },
      { kind: 'mood in every topic', truth: 'news', posts: drawEvenly(rest, size, label, moved[label]!, random) },
      { kind: 'topics and mood', truth: 'drift_and_news', posts: draw(fresh, moved) },
    )
  }
  return { reference, windows }
}

function halve(posts: readonly TopicPost[]): [readonly TopicPost[], readonly TopicPost[]] {
  const middle = Math.ceil(posts.length / 2)
  return [posts.slice(0, middle), posts.slice(middle)]
}

function shares(posts: readonly TopicPost[]): number[] {
  return SENTIMENTS.map((label) => posts.filter(({ observation }) => observation.truth === label).length / posts.length)
}

function move(mix: readonly number[], label: number): number[] {
  return mix.map((share, at) => (at === label ? share + MOVED : share * (1 - MOVED / (1 - mix[label]!))))
}

function drawMix(pool: readonly TopicPost[], mix: readonly number[], size: number, random: () => number): TopicPost[] {
  const shuffled = shuffle(pool, random)
  return SENTIMENTS.flatMap((label, at) =>
    shuffled.filter(({ observation }) => observation.truth === label).slice(0, Math.round(mix[at]! * size)),
  )
}

/** As many posts from each topic; those with the label come first, as often as it takes for the share that is wanted. */
function drawEvenly(
  topics: readonly (readonly TopicPost[])[],
  size: number,
  label: number,
  wanted: number,
  random: () => number,
): TopicPost[] {
  const each = Math.round(size / topics.length)
  const isWanted = ({ observation }: TopicPost): boolean => SENTIMENTS.indexOf(observation.truth) === label
  const attempt = (preference: number): TopicPost[] =>
    topics.flatMap((posts) => {
      const ranked = posts.map((post) => ({ post, key: random() ** (isWanted(post) ? 1 / preference : 1) }))
      return ranked
        .sort((a, b) => b.key - a.key)
        .slice(0, each)
        .map(({ post }) => post)
    })
  let drawn = attempt(1)
  for (let preference = 2; preference < 200 && shares(drawn)[label]! < wanted; preference *= 1.3)
    drawn = attempt(preference)
  return drawn
}

function shuffle<T>(items: readonly T[], random: () => number): T[] {
  const shuffled = [...items]
  for (let at = shuffled.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1))
    const item = shuffled[at] as T
    shuffled[at] = shuffled[other] as T
    shuffled[other] = item
  }
  return shuffled
}
