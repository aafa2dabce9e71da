// Tests of accuracy: estimated by confidence, and measured on a sample by stratum.
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../test-random.ts'
import { estimateAccuracy, referenceAccuracy } from './estimated-accuracy.ts'
import { makePosts } from './made-up-posts.ts'
import { buildReference, emptyReference } from './reference.ts'
import {
  nextStratum,
  STRATA,
  type Stratum,
  type StratumCounts,
  sampledAccuracy,
  stratumOf,
  stratumSizes,
} from './sampled-accuracy.ts'
import { addObservation, createSketch } from './sketch.ts'

describe('the estimate', () => {
  /** Right about 9 of 10 posts where it is sure, and about every second one where it isn't. */
  function makeReference(): ReturnType<typeof emptyReference> {
    const reference = emptyReference()
    reference.posts[0]![0] = 1400
    reference.posts[1]![0] = 600
    reference.histograms.confidence[0]![0]![10] = 900
    reference.histograms.confidence[1]![0]![10] = 100
    reference.histograms.confidence[0]![0]![2] = 500
    reference.histograms.confidence[1]![0]![2] = 500
    return reference
  }

  test('is the share of right answers that the same confidence had on the reference', () => {
    const live = createSketch()
    live.posts[0] = 400
    live.histograms.confidence[0]![10] = 100
    live.histograms.confidence[0]![2] = 300
    const estimate = estimateAccuracy(makeReference(), live)
    expect(estimate?.value).toBeCloseTo(0.25 * 0.9 + 0.75 * 0.5, 2)
    expect(estimate?.low).toBeLessThan(0.56)
    expect(estimate?.high).toBeGreaterThan(0.64)
    expect(referenceAccuracy(makeReference())).toBe(0.7)
  })

  test('is near the truth where posts come from the same source', () => {
    const random = seededRandom(21)
    const world = { topic: 'bread', mix: [0.3, 0.4, 0.3], skill: 0.8 } as const
    const reference = buildReference(makePosts(world, 3000, random))
    const posts = makePosts(world, 1000, random)
    const live = createSketch()
    for (const post of posts) addObservation(live, post, reference.known)
    const truth = posts.filter((post) => post.truth === post.label).length / posts.length
    const estimate = estimateAccuracy(reference, live)
    expect(Math.abs((estimate?.value ?? 0) - truth)).toBeLessThan(0.04)
  })

  test('is not made of nothing', () => {
    expect(estimateAccuracy(makeReference(), createSketch())).toBeNull()
    const live = createSketch()
    live.posts[0] = 1
    expect(estimateAccuracy(emptyReference(), live)).toBeNull()
    expect(referenceAccuracy(emptyReference())).toBeNull()
  })
})

function each<T>(value: (name: Stratum) => T): Record<Stratum, T> {
  return Object.fromEntries(STRATA.map((name) => [name, value(name)])) as Record<Stratum, T>
}

describe('the sample', () => {
  test('has a stratum for each label, sure and unsure, and the sketch tells their sizes', () => {
    expect(stratumOf('neutral', 0.7)).toBe('neutral_unsure')
    expect(stratumOf('positive', 0.71)).toBe('positive_sure')
    const live = createSketch()
    live.histograms.confidence[1]![6] = 5
    live.histograms.confidence[2]![7] = 9
    expect(stratumSizes(live)).toMatchObject({ neutral_unsure: 5, neutral_sure: 0, positive_sure: 9 })
  })

  test('is weighted back to all posts', () => {
    const sizes = each((name) => (name === 'negative_sure' ? 900 : name === 'negative_unsure' ? 100 : 0))
    const counts = each((name): StratumCounts => {
      if (name === 'negative_sure') return { labelled: 20, right: 18 }
      return name === 'negative_unsure' ? { labelled: 20, right: 10 } : { labelled: 0, right: 0 }
    })
    expect(sampledAccuracy(sizes, counts)?.value).toBeCloseTo(0.9 * 0.9 + 0.1 * 0.5, 12)
  })

  test('says nothing before each stratum that matters has a label', () => {
    const sizes = each(() => 100)
    expect(
      sampledAccuracy(
        sizes,
        each(() => ({ labelled: 0, right: 0 })),
      ),
    ).toBeNull()
    expect(
      sampledAccuracy(
        each(() => 0),
        each(() => ({ labelled: 1, right: 1 })),
      ),
    ).toBeNull()
    const some = each((name) => (name === 'neutral_sure' ? { labelled: 0, right: 0 } : { labelled: 5, right: 4 }))
    expect(sampledAccuracy(sizes, some)).toBeNull()
  })

  test('has an interval that holds the truth in 93 of 100 cases or more, also when all labels are right', () => {
    const rates: Record<Stratum, number> = each((name) => (name.endsWith('unsure') ? 0.5 : 0.9))
    const sizes = each((name) => (name.startsWith('neutral') ? 4000 : 2000))
    const total = STRATA.reduce((sum, name) => sum + sizes[name], 0)
    const truth = STRATA.reduce((sum, name) => sum + (sizes[name] / total) * rates[name], 0)
    const random = seededRandom(31)
    let held = 0
    for (let round = 0; round < 1000; round++) {
      const counts = each((name) => {
        const right = Array.from({ length: 12 }, () => random() < rates[name]).filter(Boolean).length
        return { labelled: 12, right }
      })
      const estimate = sampledAccuracy(sizes, counts)
      if (estimate !== null && estimate.low <= truth && truth <= estimate.high) held++
    }
    expect(held).toBeGreaterThanOrEqual(930)
    const perfect = sampledAccuracy(
      sizes,
      each(() => ({ labelled: 5, right: 5 })),
    )
    expect(perfect?.high).toBe(1)
    expect(perfect?.low).toBeLessThan(0.95)
  })

  test('asks next where it is farthest behind, and more where the model errs more', () => {
    const none = each(() => 0)
    const left = each(() => 10)
    const sizes = each((name) => (name === 'positive_sure' ? 1000 : 900))
    expect(nextStratum(sizes, none, left)).toBe('negative_unsure')
    expect(nextStratum(sizes, { ...none, negative_unsure: 3 }, left)).toBe('neutral_unsure')
    expect(nextStratum(sizes, none, none)).toBeNull()
    expect(
      nextStratum(
        each(() => 0),
        none,
        { ...none, positive_sure: 1 },
      ),
    ).toBe('positive_sure')
  })
})
