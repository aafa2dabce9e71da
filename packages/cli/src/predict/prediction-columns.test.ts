// Tests of the columns that predictions add.
import { describe, expect, test } from 'vitest'
import { planPredictionColumns } from './prediction-columns.ts'
import type { ScoredRow } from './score-chunks.ts'

const SCORED: ScoredRow = {
  row: { file: 'a.csv', line: 2, text: 'ok', date: null, values: { id: 7, text: 'ok', label: 'old' } },
  answer: {
    label: 'neutral',
    score: 0.123456789,
    scores: { negative: 0.4382716055, neutral: 0.123456789, positive: 0.4382716055 },
    windows: 2,
    model: 'test',
    cached: false,
  },
}

describe('planPredictionColumns', () => {
  test('adds label, score, one column for each sentiment, and windows', () => {
    const columns = planPredictionColumns(['id', 'text'], false)
    expect(columns.all).toEqual(['id', 'text', 'label', 'score', 'negative', 'neutral', 'positive', 'windows'])
    expect(columns.toRecord({ ...SCORED, row: { ...SCORED.row, values: { id: 7, text: 'ok' } } })).toEqual({
      id: 7,
      text: 'ok',
      label: 'neutral',
      score: 0.123457,
      negative: 0.438272,
      neutral: 0.123457,
      positive: 0.438272,
      windows: 2,
    })
  })

  test('gives one another name where the file has it already', () => {
    const columns = planPredictionColumns(['id', 'text', 'label'], false)
    expect(columns.all).toEqual([
      'id',
      'text',
      'label',
      'renown_label',
      'score',
      'negative',
      'neutral',
      'positive',
      'windows',
    ])
    expect(columns.toRecord(SCORED)).toMatchObject({ label: 'old', renown_label: 'neutral' })
  })

  test('says which file a row is from where there are several', () => {
    expect(planPredictionColumns(['id', 'file'], true).all.slice(0, 3)).toEqual(['renown_file', 'id', 'file'])
    expect(planPredictionColumns(['text'], true).toRecord(SCORED).file).toBe('a.csv')
  })
})
