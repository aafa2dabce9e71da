// Drift and accuracy on real posts with the embedded model, where labelled posts are on this machine.
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { observePosts, openModelFolder, postProbabilities, scorePosts } from '../packages/models/src/index.ts'
import {
  addObservation,
  buildReference,
  createSketch,
  estimateAccuracy,
  judgeDrift,
  type LabelledObservation,
  type ReferenceProfile,
  type Sketch,
} from '../packages/reputation/src/index.ts'
import { ROOT } from './support/workspace.ts'

const DATA = process.env.RENOWN_TEST_DATA ?? resolve(ROOT, '..', 'shared')
const POSTS = join(DATA, 'data/tweeteval-sentiment/test.jsonl')
const OTHERS = join(DATA, 'data/brand-entity-2020/val.jsonl')
const isThere = existsSync(POSTS) && existsSync(OTHERS)
const REFERENCE = 1000
const LIVE = 400

describe.skipIf(!isThere)(
  `drift on real posts${isThere ? '' : ' (skipped: RENOWN_TEST_DATA names no labelled posts)'}`,
  () => {
    let reference: ReferenceProfile
    let same: readonly LabelledObservation[]
    let other: readonly LabelledObservation[]

    beforeAll(async () => {
      const posts = readRows(POSTS)
      // Every eighth post: all topics, since the file goes by topic.
      const spread = posts.filter((_, at) => at % 8 === 0).slice(0, REFERENCE + LIVE)
      const observed = await score([...spread, ...readRows(OTHERS).slice(0, LIVE)])
      const mixed = observed.slice(0, spread.length).map((post, at) => ({ post, key: (at * 7919) % 1409 }))
      const shuffled = mixed.sort((a, b) => a.key - b.key).map(({ post }) => post)
      reference = buildReference(shuffled.slice(0, REFERENCE))
      same = shuffled.slice(REFERENCE)
      other = observed.slice(spread.length)
    }, 300_000)

    test('posts of the same source are no drift, and their accuracy is estimated within the noise of a small window', () => {
      const live = sketchOf(same)
      expect(judgeDrift(reference, live).severity).toBe('none')
      const right = same.filter(({ truth, label }) => truth === label).length / same.length
      expect(Math.abs((estimateAccuracy(reference, live)?.value ?? 0) - right)).toBeLessThan(0.1)
    })

    test('posts about games, four years later, are drift', () => {
      expect(judgeDrift(reference, sketchOf(other)).verdict).toMatch(/^drift/)
    })

    function sketchOf(posts: readonly LabelledObservation[]): Sketch {
      const sketch = createSketch()
      for (const post of posts) addObservation(sketch, post, reference.known)
      return sketch
    }
  },
)

interface Row {
  readonly text: string
  readonly label: string
}

function readRows(path: string): Row[] {
  return readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Row)
}

async function score(rows: readonly Row[]): Promise<readonly LabelledObservation[]> {
  const folder = await openModelFolder(join(ROOT, 'models/default'))
  const texts = rows.map(({ text }) => text)
  const { logits } = await scorePosts(folder, texts, { threads: 1, encoding: 'auto' })
  const classes = rows.map(({ label }) => folder.manifest.labels.indexOf(label))
  const probabilities = postProbabilities(logits, folder.manifest.temperature)
  return (await observePosts(folder, { texts, classes, probabilities })) ?? []
}
