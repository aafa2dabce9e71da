// The rows of a gate: which are taken, which were trained on, and how they are sorted.
import { gateSplit } from '@renown/ml'
import { describe, expect, test } from 'vitest'
import { HASH, MANIFEST } from '../test-fixtures.ts'
import type { GatePosts } from './gate-types.ts'
import { explainMismatch, matchLabels } from './match-reference.ts'
import { GATE_POLICY, readGatePolicy } from './policy.ts'
import { checkRows, hashRows, selectRows, takeRows } from './select-rows.ts'
import { findSlices } from './slices.ts'
import { checkTrainingRows } from './training-rows.ts'

const LABELS = ['negative', 'neutral', 'positive']
const ALL = readGatePolicy('split: all', 'x')
const REFUSED = (message: string) =>
  expect.objectContaining({ code: 'GATE_REFUSED', message: expect.stringContaining(message) as string }) as Error

const NOUNS = ['kettle', 'ferry', 'ticket', 'garden', 'lamp', 'bakery', 'museum', 'bicycle', 'harbour', 'orchestra']

function makePosts(rows: number, split = 'all'): GatePosts {
  return {
    dataSet: 'posts',
    split,
    sha256: HASH,
    texts: Array.from(
      { length: rows },
      (_, row) =>
        `${NOUNS[row % 10]} ${row} was ${NOUNS[(row * 7 + 3) % 10]} of the ${row * row} days ${NOUNS[row % 7]}`,
    ),
    classes: Array.from({ length: rows }, (_, row) => row % 3),
  }
}

describe('the rows that are judged on', () => {
  test('are those of the gate split, which the policy cuts out of any file', () => {
    const posts = makePosts(500)
    const chosen = selectRows(posts, GATE_POLICY)
    const { gate } = gateSplit(posts.texts, { share: 0.2, seed: 7 })
    expect(chosen.texts).toEqual([...gate].map((row) => posts.texts[row]))
    expect(chosen.classes).toEqual([...gate].map((row) => posts.classes[row]))
    expect(selectRows(chosen, GATE_POLICY)).toEqual(chosen)
    expect(selectRows({ ...posts, split: 'train' }, GATE_POLICY).texts).toEqual(chosen.texts)
  })

  test('are refused where a file holds only what is left for training', () => {
    const posts = makePosts(500)
    const rest = takeRows(posts, [...gateSplit(posts.texts, { share: 0.2, seed: 7 }).rest])
    expect(() => selectRows(rest, GATE_POLICY)).toThrow(REFUSED('none of the'))
  })

  test.each([
    ['gate', 'test'],
    ['gate', 'validation'],
    ['test', 'train'],
    ['validation', 'test'],
  ])('are refused where the policy says %s and the file is the %s split', (wanted, split) => {
    const policy = readGatePolicy(`split: ${wanted}`, 'x')
    expect(() => selectRows(makePosts(10, split), policy)).toThrow(REFUSED(`got the ${split} split of posts`))
  })

  test('are all rows where the policy says so', () => {
    const posts = makePosts(10, 'test')
    expect(selectRows(posts, ALL)).toBe(posts)
    expect(selectRows(posts, readGatePolicy('split: test', 'x'))).toBe(posts)
  })

  test('have a hash that their order does not change, and their labels do', () => {
    const posts = makePosts(20)
    const hash = hashRows(posts, LABELS)
    expect(hashRows(takeRows(posts, [...posts.texts.keys()].reverse()), LABELS)).toBe(hash)
    expect(hashRows(posts, ['positive', 'neutral', 'negative'])).not.toBe(hash)
    // The same labels in another order, and the classes counted accordingly.
    const turned = { ...posts, classes: posts.classes.map((value) => 2 - value) }
    expect(hashRows(turned, ['positive', 'neutral', 'negative'])).toBe(hash)
  })

  test.each([
    ['none', { texts: [], classes: [] }, 'expected labelled rows, got none'],
    ['another number of classes', { texts: ['a'], classes: [] }, 'expected 1 classes, got 0'],
    ['a class that no label has', { texts: ['a', 'b'], classes: [0, 3] }, 'expected a class from 0 to 2, got 3'],
    ['one label', { texts: ['a', 'b'], classes: [1, 1] }, 'got 2 of "neutral" alone'],
  ])('are refused: %s', (_name, rows, message) => {
    expect(() => checkRows({ ...makePosts(0), ...rows }, LABELS)).toThrow(REFUSED(message))
  })
})

describe('rows of the training', () => {
  const posts = makePosts(300)

  test('are left out where they are few', () => {
    const training = [...makePosts(3).texts.map((text) => `@you ${text.toUpperCase()}!`), 'nothing that is asked']
    const { posts: kept, rule, report } = checkTrainingRows(posts, MANIFEST, ALL, training)
    expect(rule).toMatchObject({ status: 'pass', measured: 0.01, allowed: 0.01 })
    expect(kept.texts).toEqual(posts.texts.slice(3))
    expect(report).toEqual({ by: 'texts', leaked: 3 })
  })

  test('fail where they are many', () => {
    const { posts: kept, rule } = checkTrainingRows(posts, MANIFEST, ALL, posts.texts.slice(0, 30))
    expect(rule).toMatchObject({ status: 'fail', measured: 0.1 })
    expect(kept).toBe(posts)
  })

  const trainedOn = (sha256: string, recipe = {}) => ({
    ...MANIFEST,
    training: { data: [{ name: 'posts', split: 'train', sha256 }], recipe },
  })

  test('are looked for by the hashes of the manifest where no texts are at hand', () => {
    const other = checkTrainingRows(posts, trainedOn('b'.repeat(64)), ALL)
    expect(other.rule).toMatchObject({ status: 'pass', sentence: expect.stringContaining('rows were not compared') })
    expect(other.report.by).toBe('hashes')
    const same = checkTrainingRows(posts, trainedOn(HASH), ALL)
    expect(same.rule).toMatchObject({ status: 'fail', sentence: expect.stringContaining('(posts, train)') })
    expect(same.report).toEqual({ by: 'hashes', leaked: 300 })
  })

  test('are none where the recipe records that this gate split was held out', () => {
    const held = { gate_share: 0.2, gate_seed: 7 }
    expect(checkTrainingRows(posts, trainedOn(HASH, held), GATE_POLICY).rule.status).toBe('pass')
    expect(checkTrainingRows(posts, trainedOn(HASH, held), ALL).rule.status).toBe('fail')
    expect(checkTrainingRows(posts, trainedOn(HASH, { ...held, gate_seed: 8 }), GATE_POLICY).rule.status).toBe('fail')
    expect(checkTrainingRows(posts, trainedOn(HASH), GATE_POLICY).rule.status).toBe('fail')
  })

  test('are those of the training file without the gate split, where it was held out', () => {
    const chosen = selectRows(posts, GATE_POLICY)
    const held = trainedOn(HASH, { gate_share: 0.2, gate_seed: 7 })
    expect(checkTrainingRows(chosen, held, GATE_POLICY, posts.texts).rule.status).toBe('pass')
    expect(checkTrainingRows(chosen, trainedOn(HASH), GATE_POLICY, posts.texts).rule.status).toBe('fail')
  })

  test('are not known of a model that records none, and that is said', () => {
    const { rule, report } = checkTrainingRows(posts, { ...MANIFEST, training: null }, ALL)
    expect(rule.status).toBe('skipped')
    expect(report.by).toBe('nothing')
  })
})

test('labels are matched by name in any order; an untouched base may have others, a champion may not', () => {
  expect(matchLabels(LABELS, ['Positive', 'negative', 'neutral '])).toEqual([1, 2, 0])
  expect(matchLabels(LABELS, ['negative', 'positive'])).toBeNull()
  expect(matchLabels(LABELS, ['negative', 'neutral', 'positive', 'mixed'])).toBeNull()
  const other = { ...MANIFEST, labels: ['LABEL_0', 'LABEL_1'] }
  expect(explainMismatch('base', MANIFEST, other)).toContain('LABEL_0, LABEL_1')
  expect(() => explainMismatch('champion', MANIFEST, other)).toThrow(REFUSED('answer different questions'))
})

test('slices go by what a post has', () => {
  const texts = [
    'Fine.',
    '@shop thanks',
    'It was not bad',
    "They don't answer",
    'a day #sunny',
    'good 🙂',
    'mail me at a@b.example',
    'no. &#39;'.padEnd(100, 'x'),
    'y'.repeat(150),
  ]
  const slices = Object.fromEntries(findSlices(texts).map(({ name, rows }) => [name, rows]))
  expect(slices).toEqual({
    'under 70 characters': [0, 1, 2, 3, 4, 5, 6],
    '70 to 140 characters': [7],
    'over 140 characters': [8],
    'with a mention': [1],
    'without a mention': [0, 2, 3, 4, 5, 6, 7, 8],
    'with a hashtag': [4],
    'with a negation': [2, 3, 7],
    'with an emoji': [5],
  })
  const sourced = findSlices(
    texts,
    texts.map((_, row) => (row < 2 ? 'forum' : row < 8 ? 'mail' : '')),
  )
  expect(sourced.slice(-2)).toEqual([
    { name: 'from mail', rows: [2, 3, 4, 5, 6, 7] },
    { name: 'from forum', rows: [0, 1] },
  ])
  expect(findSlices([])).toEqual([])
})
