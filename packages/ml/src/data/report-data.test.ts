// What is said of data before training, and which data is refused.
import { describe, expect, test } from 'vitest'
import { CARDIFF_PREPARATION, TWEET_PREPARATION } from '../text/preparation.ts'
import { TEXT_LIMIT_CHARS } from '../tokenization/text-encoder.ts'
import { checkData } from './check-data.ts'
import type { LabelledTexts } from './labelled-texts.ts'
import { quantilesOf } from './quantiles.ts'
import { reportData } from './report-data.ts'

const LABELS = ['negative', 'neutral', 'positive']
const LONG = 'the hotel gave our room away and then charged the card twice for the same night'

const rows = (...pairs: readonly (readonly [string, number])[]): LabelledTexts => ({
  texts: pairs.map(([text]) => text),
  classes: pairs.map(([, found]) => found),
})

const TRAIN = rows(
  [LONG, 0],
  ['lovely breakfast', 2],
  [`${LONG}!`, 1],
  ['Lovely  breakfast', 2],
  ['check-in opens at three &amp; closes at ten', 1],
  ['I\\u2019m so happy', 2],
  ['https://t.co/abc', 1],
  [LONG.replace('twice', 'thrice'), 0],
)

describe('reportData', () => {
  test('counts what is in a split', () => {
    const encode = (text: string) => new Int32Array(text.split(' ').length + 2)
    const { splits, leaks, labels } = reportData({
      train: TRAIN,
      labels: LABELS,
      preparation: TWEET_PREPARATION,
      encode,
      window: 10,
    })
    const [train] = splits
    expect(labels).toEqual(LABELS)
    expect(leaks).toEqual([])
    expect(splits).toHaveLength(1)
    expect(train).toMatchObject({
      split: 'train',
      rows: 8,
      counts: [2, 3, 3],
      empty: { count: 1, rows: [6] },
      tooLong: { count: 0, rows: [] },
      escapes: { count: 1, rows: [5] },
      entities: { count: 1, rows: [4] },
      tokens: { smallest: 3, largest: 18 },
      truncated: { count: 3, rows: [0, 2, 7] },
      exact: {
        groups: 2,
        rows: 4,
        contradicting: 1,
        examples: [
          [0, 2],
          [1, 3],
        ],
      },
      near: { groups: 1, rows: 3, contradicting: 1, examples: [[0, 2, 7]] },
      cutShort: 0,
    })
  })

  test('warns of training rows that other splits ask about', () => {
    const validation = rows(['lovely breakfast!', 2], ['no news', 1], ['bad', 0])
    const test = rows([LONG.replace('room', 'rooms'), 0], ['fine', 2], ['so so', 1])
    const { leaks, warnings } = reportData({ train: TRAIN, validation, test, labels: LABELS })
    expect(
      leaks.map(({ split, leaks: found }) => [split, found.map(({ row, evaluationRow }) => [row, evaluationRow])]),
    ).toEqual([
      [
        'validation',
        [
          [1, 0],
          [3, 0],
        ],
      ],
      [
        'test',
        [
          [0, 0],
          [2, 0],
        ],
      ],
    ])
    expect(warnings.filter(({ code }) => code === 'LEAKS')).toEqual([
      {
        code: 'LEAKS',
        split: 'train',
        count: 2,
        rows: [1, 3],
        message: 'train has 2 rows of validation (2 equal, 0 nearly equal): its figures will look better than they are',
      },
      expect.objectContaining({ count: 2, rows: [0, 2] }),
    ])
  })

  test('warns of what a person should know', () => {
    const codes = (train: LabelledTexts, more = {}) =>
      reportData({ train, labels: LABELS, preparation: CARDIFF_PREPARATION, ...more }).warnings.map(({ code }) => code)
    expect(codes(rows(['good', 2], ['bad', 0], ['so so', 1]))).toEqual([])
    expect(codes(rows(['good', 2], ['bad', 0]))).toEqual(['CLASS_MISSING'])
    expect(codes(rows(['good', 2], ['bad', 0], ['well', 1]), { validation: rows(['no', 0]) })).toEqual([
      'CLASS_MISSING',
      'ONE_CLASS',
    ])
    expect(codes(rows(['good', 2], ['bad', 0], ['Bad', 1]))).toEqual(['CONTRADICTING_LABELS', 'DUPLICATES'])
    expect(codes(rows(['good', 2], ['bad', 0], ['', 1]))).toEqual(['EMPTY_TEXTS'])
    expect(codes(rows(['good', 2], ['bad', 0], ['x'.repeat(TEXT_LIMIT_CHARS + 1), 1]))).toEqual(['TEXTS_TOO_LONG'])
    const raw = { preparation: { ...CARDIFF_PREPARATION, escapes: 'keep', entities: 'keep' } as const }
    expect(codes(rows(['good \\u002c', 2], ['bad', 0], ['a &lt; b', 1]), raw)).toEqual(['NOT_DECODED', 'NOT_DECODED'])
    const cut = { encode: (text: string) => new Int32Array(text.length), window: 4 }
    expect(codes(rows(['wonderful', 2], ['bad', 0], ['so', 1]), cut)).toEqual(['TRUNCATED'])
  })

  test('holds no texts', () => {
    const validation = rows([LONG, 0], ['lovely', 2], ['checked', 1])
    const report = JSON.stringify(reportData({ train: TRAIN, validation, labels: LABELS }))
    for (const word of ['hotel', 'lovely', 'breakfast', 'checked']) expect(report).not.toContain(word)
  })

  test('takes lone surrogates and texts of 100,000 characters', () => {
    const train = rows(['\ud83d', 0], ['\ude00 x', 1], ['word '.repeat(20_000), 2])
    const { splits } = reportData({
      train,
      labels: LABELS,
      encode: (text) => new Int32Array(text.split(' ').length),
      window: 512,
    })
    expect(splits[0]).toMatchObject({ truncated: { count: 1, rows: [2] }, characters: { largest: 100_000 } })
  })
})

describe('checkData refuses', () => {
  const good = rows(['good', 2], ['bad', 0])
  const codeOf = (data: Parameters<typeof checkData>[0]): unknown => {
    try {
      checkData(data)
      return null
    } catch (error) {
      return [(error as { code?: unknown }).code, (error as Error).message]
    }
  }

  test('nothing that is sound', () => {
    expect(codeOf({ train: good, validation: good, test: good, labels: LABELS })).toBeNull()
    expect(codeOf({ train: rows(['good', 2], ['', 0]), labels: LABELS })).toBeNull()
  })

  test('data without labels, without texts, with other labels, with one class', () => {
    const cases = [
      [{ texts: ['a', 'b'], classes: [] }, 'DATA_UNLABELLED', 'none of 2 rows'],
      [rows(['a', -1], ['b', -1]), 'DATA_UNLABELLED', 'none of 2 rows'],
      [rows(), 'DATA_EMPTY', 'got 0 rows'],
      [rows(['', 0], [' ', 1]), 'DATA_EMPTY', 'got 2 rows, none with one'],
      [{ texts: ['a', 'b'], classes: [1] }, 'DATA_INVALID', '2 texts, got 1'],
      [rows(['a', 0], ['b', 3], ['c', 0.5], ['d', Number.NaN]), 'LABELS_UNKNOWN', 'rows 1, 2, 3'],
      [rows(['a', 2], ['b', 2]), 'DATA_ONE_CLASS', 'all 2 rows have the label "positive"'],
    ] as const
    for (const [train, code, message] of cases) {
      expect(codeOf({ train, labels: LABELS })).toEqual([code, expect.stringContaining(message)])
    }
    expect(codeOf({ train: good, labels: ['only'] })).toEqual(['DATA_ONE_CLASS', expect.stringContaining('"only"')])
  })

  test('a split to evaluate on likewise, but for one class', () => {
    expect(codeOf({ train: good, validation: rows(['a', 1]), labels: LABELS })).toBeNull()
    const broken = rows(...Array.from({ length: 30 }, (_, row) => [`text ${row}`, row < 12 ? 7 : 1] as const))
    expect(codeOf({ train: good, test: broken, labels: LABELS })).toEqual([
      'LABELS_UNKNOWN',
      expect.stringContaining('rows 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more'),
    ])
  })
})

test('quantiles are nearest ranks', () => {
  const sizes = Uint32Array.from({ length: 100 }, (_, index) => 100 - index)
  expect(quantilesOf(sizes)).toEqual({ mean: 50.5, smallest: 1, median: 50, p90: 90, p99: 99, largest: 100 })
  expect(quantilesOf(new Uint32Array(0))).toEqual({ mean: 0, smallest: 0, median: 0, p90: 0, p99: 0, largest: 0 })
})
