// Drift told from news on windows made of labelled posts, and estimated against true accuracy in windows of 500.
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { observePosts, postProbabilities, resolveModel, scorePosts } from '@renown/models'
import {
  addObservation,
  buildReference,
  createSketch,
  EFFECT_LIMITS,
  estimateAccuracy,
  judgeDrift,
  type ReferenceProfile,
  type Sketch,
} from '@renown/reputation'
import { makeTrial, type TopicPost, TRUTHS, type Truth } from './support/drift-windows.ts'
import { testData } from './support/folders.ts'
import { atLeast, atMost, progress, publish, type Row } from './support/report.ts'
import { round } from './support/statistics.ts'

const SIZES = [300, 500, 800, 1000]
const WINDOW = 500
const WORLDS = {
  'brand-emotions (2011)': ['brand-emotions/train', 'brand-emotions/val'],
  'brand-entity-2020': ['brand-entity-2020/train', 'brand-entity-2020/val'],
  'TweetEval validation (2013 to 2016)': ['tweeteval-sentiment/val'],
  'umsab, eight languages': ['multilingual-umsab/val'],
} as const

const { values } = parseArgs({
  options: { trials: { type: 'string', default: '10' }, threads: { type: 'string', default: '2' } },
})

interface Labelled extends TopicPost {
  readonly set: string
}

const folder = await resolveModel('default', { home: '.' })
const names = ['tweeteval-sentiment/test', ...Object.values(WORLDS).flat()]
const posts = await readPosts(names)
const test = posts.filter(({ set }) => set === 'tweeteval-sentiment/test')
const topics = [...new Set(test.map(({ topic }) => topic))].sort()
/** Limits were chosen on windows of every second topic; figures are of the others. */
const [chosenOn, reportedOn] = [0, 1].map((part) => {
  const group = new Set(topics.filter((_, at) => at % 2 === part))
  return test.filter(({ topic }) => group.has(topic))
}) as [Labelled[], Labelled[]]

const rows: Row[] = []
const targets = []
for (const [name, part] of [
  ['chosen on', chosenOn],
  ['reported', reportedOn],
] as const) {
  const judged = judgeWindows(part)
  rows.push(...describeConfusion(name, judged))
  if (name === 'reported') targets.push(...targetsOf(judged))
}
rows.push(...judgeWorlds())
const accuracy = measureAccuracy()
rows.push(...accuracy.rows)
targets.push(...accuracy.targets)
publish('drift', { settings: { trials: Number(values.trials), sizes: SIZES, limits: EFFECT_LIMITS }, rows, targets })

async function readPosts(sets: readonly string[]): Promise<Labelled[]> {
  const read = sets.flatMap((set) =>
    readFileSync(testData(`data/${set}.jsonl`), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => ({
        ...(JSON.parse(line) as { text: string; label: string; topic?: string; lang?: string }),
        set,
      })),
  )
  const texts = read.map(({ text }) => text)
  let shown = 0
  const { logits } = await scorePosts(folder, texts, {
    threads: Number(values.threads),
    encoding: 'auto',
    onProgress: (_, share) => {
      if (share < shown) return
      progress(`scored ${round(100 * share, 0)} %`)
      shown += 0.1
    },
  })
  const classes = read.map(({ label }) => folder.manifest.labels.indexOf(label))
  const probabilities = postProbabilities(logits, folder.manifest.temperature)
  const observations = (await observePosts(folder, { texts, classes, probabilities })) ?? []
  return observations.map((observation, at) => ({
    observation,
    set: read[at]!.set,
    topic: read[at]!.topic ?? read[at]!.lang ?? '',
  }))
}

interface Judged {
  readonly size: number
  readonly kind: string
  readonly truth: Truth
  readonly verdict: string
}

function judgeWindows(part: readonly TopicPost[]): Judged[] {
  return SIZES.flatMap((size) =>
    Array.from({ length: Number(values.trials) }, (_, seed) => {
      const { reference, windows } = makeTrial(part, size, 1000 * (seed + 1) + size)
      const profile = profileOf(reference)
      return windows.map(({ kind, truth, posts: drawn }): Judged => {
        const { verdict } = judgeDrift(profile, sketchOf(drawn, profile))
        return { size, kind, truth, verdict }
      })
    }).flat(),
  )
}

function profileOf(part: readonly TopicPost[]): ReferenceProfile {
  return buildReference(part.map(({ observation }) => observation))
}

function sketchOf(part: readonly TopicPost[], profile: ReferenceProfile): Sketch {
  const sketch = createSketch()
  for (const { observation } of part) addObservation(sketch, observation, profile.known)
  return sketch
}

function describeConfusion(name: string, judged: readonly Judged[]): Row[] {
  const kinds = [...new Set(judged.map(({ size, kind }) => `${size} posts, ${kind}`))]
  return kinds.map((key) => {
    const own = judged.filter(({ size, kind }) => `${size} posts, ${kind}` === key)
    const counts = TRUTHS.map((verdict) => [verdict, own.filter((window) => window.verdict === verdict).length])
    return { windows: `${name}: ${key}`, n: own.length, truth: own[0]!.truth, ...Object.fromEntries(counts) }
  })
}

function targetsOf(judged: readonly Judged[]) {
  const right = judged.filter(({ truth, verdict }) => truth === verdict).length
  const news = judged.filter(({ truth }) => truth === 'news')
  const mistaken = news.filter(({ verdict }) => verdict.startsWith('drift')).length
  return [
    atLeast('windows judged', judged.length, 200),
    atLeast('verdicts that are right, %', (100 * right) / judged.length, 95),
    atMost('news called drift, %', (100 * mistaken) / news.length, 2),
  ]
}

/** Windows of other worlds, against the whole of TweetEval's test split. */
function judgeWorlds(): Row[] {
  const profile = profileOf(test)
  return Object.entries(WORLDS).map(([world, sets]): Row => {
    const windows = cut(posts.filter(({ set }) => (sets as readonly string[]).includes(set)))
    const verdicts = windows.map((window) => judgeDrift(profile, sketchOf(window, profile)))
    const drifted = verdicts.filter(({ verdict }) => verdict.startsWith('drift')).length
    const features = verdicts[0]?.findings.filter(({ severity }) => severity !== 'none').map(({ feature }) => feature)
    return { windows: `world: ${world}`, n: windows.length, 'called drift': drifted, found: features?.join(', ') ?? '' }
  })
}

/** The posts in their order, 500 at a time. */
function cut(part: readonly Labelled[]): Labelled[][] {
  return Array.from({ length: Math.floor(part.length / WINDOW) }, (_, at) => part.slice(at * WINDOW, (at + 1) * WINDOW))
}

/** Profiles of topics that the windows don't have, and of the validation split; the embedded one for other worlds. */
function measureAccuracy(): { rows: Row[]; targets: ReturnType<typeof atMost>[] } {
  const byTopic = [...test].sort((a, b) => (a.topic < b.topic ? -1 : 1))
  const half = (part: number): Labelled[] => byTopic.filter(({ topic }) => topics.indexOf(topic) % 2 === part)
  const validation = profileOf(posts.filter(({ set }) => set === 'tweeteval-sentiment/val'))
  const whole = profileOf(test)
  const crossed = [0, 1].flatMap((part) => compare(profileOf(half(1 - part)), cut(half(part))))
  const fromValidation = compare(validation, cut(byTopic))
  const others = Object.entries(WORLDS).map(([world, sets]) => {
    const windows = cut(posts.filter(({ set }) => (sets as readonly string[]).includes(set)))
    return { name: `${world}, profile of TweetEval test`, differences: compare(whole, windows) }
  })
  const measured = [
    { name: 'TweetEval test by topic, profile of its other topics', differences: crossed },
    { name: 'TweetEval test by topic, profile of validation', differences: fromValidation },
    ...others,
  ]
  return {
    rows: measured.map(({ name, differences }) => ({
      windows: `accuracy: ${name}`,
      n: differences.length,
      'mean absolute error, points': round(meanOf(differences.map(Math.abs)), 2),
      'mean error, points': round(meanOf(differences), 2),
      'largest error, points': round(Math.max(...differences.map(Math.abs)), 1),
    })),
    targets: [
      atMost('TweetEval test, profile of its other topics: mean absolute error', meanOf(crossed.map(Math.abs)), 4),
      atMost('TweetEval test, profile of validation: mean absolute error', meanOf(fromValidation.map(Math.abs)), 4),
    ],
  }
}

/** Estimated minus true accuracy of each window, in points. */
function compare(profile: ReferenceProfile, windows: readonly (readonly Labelled[])[]): number[] {
  return windows.map((window) => {
    const estimated = estimateAccuracy(profile, sketchOf(window, profile))?.value ?? Number.NaN
    const right = window.filter(({ observation }) => observation.truth === observation.label).length
    return 100 * (estimated - right / window.length)
  })
}

function meanOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, value) => sum + value, 0) / numbers.length
}
