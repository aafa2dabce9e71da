// The cache of answers: order of use, bounds, texts that look alike.
import type { Classification } from '@renown/reputation'
import { describe, expect, it } from 'vitest'
import { AnswerCache } from './answer-cache.ts'

const MANY = 1_000_000

function answer(score: number): Classification {
  const scores = { negative: 1 - score, neutral: 0, positive: score }
  return { label: 'positive', score, scores, windows: 1, model: 'v1', cached: false }
}

describe('the cache of answers', () => {
  it('gives back what was stored, marked as cached, and counts hits and misses', () => {
    const cache = new AnswerCache(10, MANY)
    expect(cache.get('good')).toBeNull()
    cache.set('good', answer(0.9))
    expect(cache.get('good')).toEqual({ ...answer(0.9), cached: true })
    expect(cache.stats()).toMatchObject({ entries: 1, hits: 1, misses: 1 })
  })

  it('leaves the stored answer itself unmarked', () => {
    const cache = new AnswerCache(10, MANY)
    const original = answer(0.9)
    cache.set('good', original)
    cache.get('good')
    expect(original.cached).toBe(false)
  })

  it('drops the entry that was not used for longest', () => {
    const cache = new AnswerCache(2, MANY)
    cache.set('a', answer(0.1))
    cache.set('b', answer(0.2))
    cache.get('a')
    cache.set('c', answer(0.3))
    expect(cache.peek('b')).toBeNull()
    expect(cache.peek('a')?.score).toBe(0.1)
    expect(cache.peek('c')?.score).toBe(0.3)
  })

  it('stays under its bytes, whatever the texts weigh', () => {
    const cache = new AnswerCache(MANY, 50_000)
    for (let index = 0; index < 500; index++) {
      cache.set(`${index} `.repeat(1 + (index % 90)), answer(0.5))
      expect(cache.stats().bytes).toBeLessThanOrEqual(50_000)
    }
    expect(cache.stats().entries).toBeGreaterThan(10)
  })

  it('keeps no text that would take an eighth of it', () => {
    const cache = new AnswerCache(10, 16_000)
    cache.set('small', answer(0.5))
    cache.set('x'.repeat(2_000), answer(0.5))
    expect(cache.stats().entries).toBe(1)
    expect(cache.peek('small')).not.toBeNull()
  })

  it('counts a text that is stored twice once', () => {
    const cache = new AnswerCache(10, MANY)
    cache.set('same', answer(0.1))
    const { bytes } = cache.stats()
    cache.set('same', answer(0.7))
    expect(cache.stats()).toMatchObject({ entries: 1, bytes })
    expect(cache.peek('same')?.score).toBe(0.7)
  })

  it('stores nothing when it may hold no entry', () => {
    const cache = new AnswerCache(0, MANY)
    cache.set('a', answer(0.1))
    expect(cache.get('a')).toBeNull()
  })

  it('tells texts apart that differ in one code unit, lone surrogates included', () => {
    const cache = new AnswerCache(10, MANY)
    cache.set('a\ud83d', answer(0.1))
    cache.set('a\ud83e', answer(0.2))
    cache.set('a\u0000', answer(0.3))
    expect([cache.peek('a\ud83d')?.score, cache.peek('a\ud83e')?.score, cache.peek('a\u0000')?.score]).toEqual([
      0.1, 0.2, 0.3,
    ])
  })
})
