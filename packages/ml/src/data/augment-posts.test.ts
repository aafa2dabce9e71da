// Posts that are made: how many, out of what, the same ones again.
import { describe, expect, test } from 'vitest'
import { augmentPosts } from './augment-posts.ts'
import { comparisonForm } from './comparison-form.ts'

const OPENINGS = ['I really', 'We all', 'They never', 'My friends', 'Some people', 'You always']
const VERBS = ['love', 'hate', 'want', 'miss', 'watch', 'need']
const OBJECTS = [
  'the new phone',
  'the old update',
  'a long Monday',
  'this great band',
  'that other game',
  'our own team',
]
const ENDINGS = ['so much!', 'every day.', 'in the morning.']

/** All sentences of these parts: many words stand between the same two others. */
const POSTS = OPENINGS.flatMap((opening) =>
  VERBS.flatMap((verb) =>
    OBJECTS.flatMap((object) => ENDINGS.map((ending) => [opening, verb, object, ending].join(' '))),
  ),
).filter((_, index) => index % 7 < 2)

const split = (text: string): string[] => text.split(' ')
const WORDS = POSTS.map(split)
const MADE = augmentPosts(POSTS, { count: 60, seed: 42 })
const madeBy = (method: number): string[][] => MADE.filter((_, index) => index % 4 === method).map(split)

/** Places of the post with what stands before and after it. */
function framed(words: readonly string[]): string[] {
  return ['', ...words.map((word) => word.toLowerCase()), '']
}

function holds(words: readonly string[], part: readonly string[]): boolean {
  return words.some((_, at) => part.every((word, index) => words[at + index] === word))
}

describe('posts that are made', () => {
  test('are as many as asked for, all different, and none of those there are', () => {
    expect(MADE).toHaveLength(60)
    const forms = new Set([...POSTS, ...MADE].map(comparisonForm))
    expect(forms.size).toBe(POSTS.length + MADE.length)
  })

  test('are the same for the same seed alone', () => {
    expect(augmentPosts(POSTS, { count: 60, seed: 42 })).toEqual(MADE)
    expect(augmentPosts(POSTS, { count: 60, seed: 43 })).not.toEqual(MADE)
  })

  test('by the first way are stretches of a post', () => {
    for (const words of madeBy(0))
      expect(WORDS.some((post) => post.length > words.length && holds(post, words))).toBe(true)
  })

  test('by the second way have other words between the same neighbours', () => {
    const between = new Set(
      WORDS.flatMap((post) => framed(post).map((word, at, all) => [all[at - 1], word, all[at + 1]].join(' '))),
    )
    const comesFrom = (post: readonly string[], words: readonly string[]): boolean => {
      const frame = framed(post)
      return (
        post.length === words.length &&
        words.every(
          (word, at) => word === post[at] || between.has([frame[at], word.toLowerCase(), frame[at + 2]].join(' ')),
        )
      )
    }
    for (const words of madeBy(1)) expect(WORDS.some((post) => comesFrom(post, words))).toBe(true)
  })

  test('by the third way begin as one post and end as another', () => {
    const beginnings = new Set(WORDS.flatMap((post) => post.map((_, at) => post.slice(0, at + 1).join(' '))))
    const ends = new Set(WORDS.flatMap((post) => post.map((_, at) => post.slice(at).join(' '))))
    for (const words of madeBy(2)) {
      const cuts = words.map((_, at) => [words.slice(0, at).join(' '), words.slice(at).join(' ')] as const)
      expect(cuts.some(([first, last]) => beginnings.has(first) && ends.has(last))).toBe(true)
    }
  })

  test('by the fourth way have only words after each other that follow each other in a post', () => {
    const triples = (words: readonly string[]): string[] =>
      framed(words).flatMap((word, at, all) => (at < 2 ? [] : [[all[at - 2], all[at - 1], word].join(' ')]))
    const known = new Set(WORDS.flatMap(triples))
    for (const words of madeBy(3)) for (const triple of triples(words)) expect(known).toContain(triple)
  })
})

test.each([
  ['no posts', []],
  ['posts without words between spaces', ['素晴らしい', 'とても良い', '  ', '']],
  ['one post', ['all alone in the world']],
])('makes nothing of %s', (_, posts) => {
  expect(augmentPosts(posts, { count: 10, seed: 1 })).toEqual([])
})

test('makes fewer than asked for where the posts have too few words', () => {
  const made = augmentPosts(['good morning to you', 'good night to you'], { count: 1000, seed: 1 })
  expect(made.length).toBeGreaterThan(0)
  expect(made.length).toBeLessThan(50)
})

test('takes a post of 100,000 words without making one as long', () => {
  const long = Array.from({ length: 100_000 }, (_, at) => `word${at % 1000}`).join(' ')
  for (const text of augmentPosts([long, ...POSTS], { count: 200, seed: 3 })) {
    expect(split(text).length).toBeLessThanOrEqual(60)
  }
})
