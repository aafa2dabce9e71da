// Training rows that the evaluation asks about.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readTestData } from '../testing/test-data.ts'
import { comparisonForm } from './comparison-form.ts'
import { dropLeaks, findLeaks } from './find-leaks.ts'
import { exactSimilarity } from './testing/brute-force.ts'

const SENTENCE = 'the new update drains the battery before lunch and support only sends a form letter'

describe('findLeaks', () => {
  test('tells which training row leaks, of which evaluation row, and how', () => {
    const train = ['something else', `@user ${SENTENCE}!`, SENTENCE.replace('lunch', 'noon'), '']
    const { leaks, cutShort } = findLeaks(train, ['', 'unrelated', SENTENCE, SENTENCE])
    expect(leaks).toEqual([
      { row: 1, evaluationRow: 2, kind: 'exact', similarity: 1 },
      { row: 2, evaluationRow: 2, kind: 'near', similarity: 70 / 87 },
    ])
    expect(cutShort).toBe(0)
  })

  test('finds what comparing each with each finds', () => {
    const word = fc.constantFrom('late', 'again', 'great', 'phone', 'battery', 'awful', 'delivery')
    const sentences = fc.array(
      fc.array(word, { maxLength: 12 }).map((words) => words.join(' ')),
      { maxLength: 20 },
    )
    fc.assert(
      fc.property(sentences, sentences, fc.array(word), (train, evaluation, tail) => {
        const copies = evaluation.map((text) => `${text} ${tail.join(' ')}`)
        const rows = [...train, ...copies]
        const expected = rows.flatMap((text, row) => {
          const form = comparisonForm(text)
          const forms = evaluation.map(comparisonForm).filter((other) => other !== '' && form !== '')
          return forms.some((other) => exactSimilarity(form, other) >= 0.8) ? [row] : []
        })
        const { leaks } = findLeaks(rows, evaluation)
        expect(leaks.map(({ row }) => row)).toEqual(expected)
        for (const { row, evaluationRow, similarity } of leaks) {
          const pair = [rows[row] ?? '', evaluation[evaluationRow] ?? ''].map(comparisonForm)
          expect(similarity).toBeCloseTo(exactSimilarity(pair[0] ?? '', pair[1] ?? ''), 12)
        }
      }),
      { seed: 5, numRuns: 200 },
    )
  })

  test('ten thousand times the same evaluation row does no harm', () => {
    const { leaks } = findLeaks([SENTENCE, `${SENTENCE} indeed`], Array(10_000).fill(SENTENCE))
    expect(leaks.map(({ row, kind }) => [row, kind])).toEqual([
      [0, 'exact'],
      [1, 'near'],
    ])
  })
})

test('dropLeaks keeps the other rows', () => {
  const leaks = findLeaks(['a b c', 'x y z', 'm n o'], ['X Y Z'])
  const more = findLeaks(['a b c', 'x y z', 'm n o'], ['A b C'])
  expect([...dropLeaks(3, leaks, more)]).toEqual([2])
  expect([...dropLeaks(3)]).toEqual([0, 1, 2])
})

interface Row {
  readonly text: string
  readonly dup_of?: string
}

const [train, validation] = await Promise.all(
  ['train', 'val'].map(async (split) => {
    const lines = await readTestData(`data/tweeteval-sentiment/${split}.jsonl`)
    return lines
      ?.trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Row)
  }),
)

test.skipIf(train === undefined || validation === undefined)(
  'TweetEval: the ten training rows that are marked as validation rows up to punctuation are found',
  () => {
    const texts = (rows: readonly Row[] | undefined) => rows?.map(({ text }) => text) ?? []
    const marked = train?.flatMap(({ dup_of }, row) => (dup_of === 'val' ? [row] : [])) ?? []
    const { leaks, cutShort } = findLeaks(texts(train), texts(validation))
    const exact = leaks.filter(({ kind }) => kind === 'exact').map(({ row }) => row)
    expect(marked).toHaveLength(10)
    expect(exact).toEqual(expect.arrayContaining(marked))
    expect(leaks.length).toBeLessThan(100)
    expect(cutShort).toBe(0)
  },
)
