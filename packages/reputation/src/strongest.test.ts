// The strongest posts.
import { expect, test } from 'vitest'
import type { LabelledPost } from './strongest.ts'
import { createStrongest, SHOWN_CHARS } from './strongest.ts'

function post(
  line: number,
  score: number,
  text = `post ${line}`,
  label: LabelledPost['label'] = 'positive',
): LabelledPost {
  return { line, text, date: null, label, score }
}

test('keeps the surest posts of each label, surest first, of equals the earlier', () => {
  const strongest = createStrongest(3)
  const scores = [0.4, 0.9, 0.6, 0.9, 0.99, 0.1]
  scores.forEach((score, i) => {
    strongest.add(post(i + 1, score))
  })
  strongest.add(post(7, 0.5, 'bad', 'negative'))
  const { positive, negative, neutral } = strongest.result()
  expect(positive.map(({ line }) => line)).toEqual([5, 2, 4])
  expect(negative.map(({ line }) => line)).toEqual([7])
  expect(neutral).toEqual([])
})

test('agrees with sorting everything, whatever the order of arrival', () => {
  const posts = Array.from({ length: 2000 }, (_, i) => post(i + 1, ((i * 7919) % 1009) / 1009, `text ${i % 300}`))
  const best = new Map<string, LabelledPost>()
  const bySureness = (a: LabelledPost, b: LabelledPost) => b.score - a.score || a.line - b.line
  for (const one of [...posts].sort(bySureness)) if (!best.has(one.text)) best.set(one.text, one)
  const expected = [...best.values()].sort(bySureness).slice(0, 10)
  for (const order of [posts, [...posts].reverse(), [...posts].sort((a, b) => a.text.localeCompare(b.text))]) {
    const strongest = createStrongest(10)
    for (const one of order) strongest.add(one)
    expect(strongest.result().positive).toEqual(expected)
  }
})

test('the same text, up to space around it, counts once', () => {
  const strongest = createStrongest(5)
  for (let line = 1; line <= 100; line++) strongest.add(post(line, 0.8, line % 2 ? 'so good' : ' so good\n'))
  expect(strongest.result().positive).toEqual([post(1, 0.8, 'so good')])
})

test('what else a caller attaches comes along', () => {
  const strongest = createStrongest<LabelledPost & { author: string }>(1)
  strongest.add({ ...post(1, 0.5), author: 'ada' })
  expect(strongest.result().positive[0]?.author).toBe('ada')
})

test('a very long text is cut between characters', () => {
  const strongest = createStrongest(1)
  strongest.add(post(1, 0.5, `${'a'.repeat(SHOWN_CHARS - 1)}😀${'b'.repeat(50_000)}`))
  const text = strongest.result().positive[0]!.text
  expect(text).toBe(`${'a'.repeat(SHOWN_CHARS - 1)}…`)
})

test('a score that is no number is not strong', () => {
  const strongest = createStrongest(2)
  strongest.add(post(1, Number.NaN))
  strongest.add(post(2, 0.1))
  expect(strongest.result().positive.map(({ line }) => line)).toEqual([2])
})
