// Tests of the verdicts, on made-up posts: the world changed, the reputation changed, both, neither, too little to say.
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../test-random.ts'
import { compareWithReference } from './compare.ts'
import { FEWEST_JUDGED, judgeDrift } from './judge.ts'
import { type MadeUpWorld, makePosts } from './made-up-posts.ts'
import {
  buildReference,
  emptyReference,
  type LabelledObservation,
  type ReferenceProfile,
  referenceOfSketch,
} from './reference.ts'
import { addObservation, createSketch, mergeSketches, type Sketch, sketchPosts } from './sketch.ts'

const HOME: MadeUpWorld = { topic: 'bread', mix: [0.3, 0.45, 0.25] }
const BAD_NEWS: MadeUpWorld = { ...HOME, mix: [0.55, 0.3, 0.15] }
const reference = buildReference(makePosts(HOME, 3000, seededRandom(1)))

function sketchOf(posts: readonly LabelledObservation[], known: ReferenceProfile = reference): Sketch {
  const sketch = createSketch()
  for (const post of posts) addObservation(sketch, post, known.known)
  return sketch
}

describe('the verdict', () => {
  test.each([
    ['nothing changed', HOME, 'stable'],
    ['the mood changed, the words did not', BAD_NEWS, 'news'],
    ['the topics changed, the mood did not', { ...HOME, topic: 'engine' }, 'drift'],
    ['both changed', { ...BAD_NEWS, topic: 'engine' }, 'drift_and_news'],
  ] as const)('%s', (_name, world, expected) => {
    const verdict = judgeDrift(reference, sketchOf(makePosts(world, 800, seededRandom(2))))
    expect(verdict.verdict).toBe(expected)
    expect(verdict.severity).toBe(expected.startsWith('drift') ? 'strong' : 'none')
    expect(verdict.posts).toBe(800)
  })

  test('is rarely wrong where nothing changed, however the posts fall', () => {
    const verdicts = Array.from({ length: 30 }, (_, seed) => {
      const size = [300, 500, 900][seed % 3]!
      return judgeDrift(reference, sketchOf(makePosts(HOME, size, seededRandom(100 + seed)))).verdict
    })
    expect(verdicts.filter((verdict) => verdict !== 'stable').length).toBeLessThanOrEqual(2)
  })

  test('is withheld from a small batch, whatever is in it', () => {
    const few = sketchOf(makePosts({ ...BAD_NEWS, topic: 'engine' }, FEWEST_JUDGED - 1, seededRandom(3)))
    const verdict = judgeDrift(reference, few)
    expect(verdict).toEqual({ verdict: 'too_few', posts: FEWEST_JUDGED - 1, severity: 'none', findings: [], mix: null })
  })

  test('is withheld where there is no traffic, and where the reference is empty', () => {
    expect(judgeDrift(reference, createSketch()).verdict).toBe('too_few')
    expect(judgeDrift(emptyReference(), sketchOf(makePosts(HOME, 500, seededRandom(4)))).verdict).toBe('too_few')
  })

  test('names what changed, worst first, and says by how much', () => {
    const foreign = makePosts(HOME, 600, seededRandom(5)).map((post) => ({
      ...post,
      bins: { ...post.bins, script: 1, language: 9 },
    }))
    const { findings, verdict } = judgeDrift(reference, sketchOf(foreign))
    expect(verdict).toBe('drift')
    expect(findings[0]).toMatchObject({ feature: 'script', severity: 'strong' })
    expect(findings.at(-1)?.severity).toBe('none')
  })
})

describe('news', () => {
  test('are told by the days before, where there are enough of them', () => {
    const now = sketchOf(makePosts(BAD_NEWS, 600, seededRandom(6)))
    const alike = sketchOf(makePosts(BAD_NEWS, 2000, seededRandom(7)))
    expect(judgeDrift(reference, now, alike)).toMatchObject({ verdict: 'stable', mix: { comparedWith: 'earlier' } })
    const few = sketchOf(makePosts(BAD_NEWS, 50, seededRandom(8)))
    expect(judgeDrift(reference, now, few)).toMatchObject({ verdict: 'news', mix: { comparedWith: 'reference' } })
  })

  test('come with the mix as it would be without the mistakes of the model', () => {
    const now = sketchOf(makePosts(BAD_NEWS, 4000, seededRandom(9)))
    const { mix } = judgeDrift(reference, now)
    expect(mix?.now[0]).toBeLessThan(0.51)
    expect(mix?.corrected[0]).toBeGreaterThan(0.52)
    expect(mix?.corrected[0]).toBeLessThan(0.58)
  })
})

test('earlier posts can be the reference: what was strange already is no change, what is strange anew is one', () => {
  const strange: MadeUpWorld = { ...HOME, topic: 'engine' }
  const earlier = referenceOfSketch(sketchOf(makePosts(strange, 1500, seededRandom(13))), reference.known)
  const judge = (world: MadeUpWorld, seed: number): string =>
    judgeDrift(earlier, sketchOf(makePosts(world, 800, seededRandom(seed)))).verdict
  expect(judge(strange, 14)).toBe('stable')
  expect(judge({ ...strange, mix: BAD_NEWS.mix }, 15)).toBe('news')
  expect(judge({ ...strange, topic: 'garden' }, 16)).toBe('drift')
})

test('the comparison is the chi-squared test of two samples where the labels are as frequent', () => {
  const exact = emptyReference()
  const live = createSketch()
  const before = [40, 60, 100]
  const after = [30, 20, 50]
  // scipy.stats.chi2_contingency([before, after], correction=False)
  const expected = { statistic: 5.357142857142857, p: 0.06866117151308498 }
  exact.posts[1]![1] = 200
  live.posts[1] = 100
  for (const [bin, count] of before.entries()) exact.histograms.script[1]![1]![bin] = count
  for (const [bin, count] of after.entries()) live.histograms.script[1]![bin] = count
  const found = compareWithReference(exact, live).find(({ feature }) => feature === 'script')
  expect(found?.p).toBeCloseTo(expected.p, 10)
  const joint = (200 * 100) / 300
  expect(found?.effect).toBeCloseTo(Math.sqrt((expected.statistic - 2) / joint), 10)
})

test('sketches of two replicas or hours add up to the sketch of all posts', () => {
  const posts = makePosts(HOME, 400, seededRandom(10))
  const parts = [posts.slice(0, 150), posts.slice(150)].map((part) => sketchOf(part))
  const merged = mergeSketches(parts)
  expect(merged).toEqual(sketchOf(posts))
  expect(sketchPosts(merged)).toBe(400)
  expect(mergeSketches([])).toEqual(createSketch())
})

test('a post of the reference is as new as a post from the same source', () => {
  const small = buildReference(makePosts(HOME, 400, seededRandom(11)))
  const live = sketchOf(makePosts(HOME, 2000, seededRandom(12)), small)
  const found = compareWithReference(small, live).find(({ feature }) => feature === 'novelty')
  expect(found?.p).toBeGreaterThan(0.001)
})
