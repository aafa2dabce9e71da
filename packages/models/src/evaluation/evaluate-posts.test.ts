// Tests of how scored posts become figures.
import { describe, expect, test } from 'vitest'
import { evaluatePosts, postProbabilities } from './evaluate-posts.ts'
import type { WindowLogits } from './score-posts.ts'
import { toRecord } from './to-record.ts'

function makeWindow(tokens: number, ...logits: number[]): WindowLogits {
  return { logits: Float32Array.from(logits), tokens }
}

const POSTS = [[makeWindow(4, 2, 0)], [makeWindow(6, 0, 1), makeWindow(2, 3, 0)], [makeWindow(4, 1, 0)]]
const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value))

describe('postProbabilities', () => {
  test('divides by the temperature, and weighs the windows of a post by their tokens', () => {
    const probabilities = postProbabilities(POSTS, 2)
    expect(probabilities[0]?.[0]).toBeCloseTo(sigmoid(1), 6)
    expect(probabilities[1]?.[0]).toBeCloseTo(0.75 * sigmoid(-0.5) + 0.25 * sigmoid(1.5), 6)
  })
})

describe('evaluatePosts', () => {
  test('gives the same labels with and without the temperature, and other probabilities', () => {
    const options = { temperature: 4, resamples: 20 }
    const { evaluation, untempered, probabilities } = evaluatePosts(POSTS, [0, 1, 1], ['no', 'yes'], options)
    expect(evaluation.accuracy).toBe(2 / 3)
    expect(untempered.accuracy).toBe(2 / 3)
    expect(untempered.ece).not.toBeCloseTo(evaluation.ece, 2)
    expect(probabilities).toEqual(postProbabilities(POSTS, 4))
    const record = toRecord({
      evaluation,
      eceBefore: untempered.ece,
      file: 'model.safetensors',
      encoding: 'float32',
      dataSet: 'posts',
      revision: 'abcd',
      split: 'test',
      sha256: 'a'.repeat(64),
      date: new Date('2026-01-02T03:04:05Z'),
    })
    expect(record).toMatchObject({ rows: 3, revision: 'abcd', date: '2026-01-02T03:04:05.000Z' })
    expect(record.metrics.eceBefore?.value).toBeCloseTo(untempered.ece, 6)
    expect(record.metrics.accuracy).toMatchObject({ value: 0.666667 })
  })
})
