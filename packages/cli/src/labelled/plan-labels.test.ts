// Which labels a classifier learns.
import { describe, expect, test } from 'vitest'
import { planLabels } from './plan-labels.ts'

const BASE = ['negative', 'neutral', 'positive']

describe('planLabels', () => {
  test('takes the labels of the base where the data has them, by name or by number', () => {
    for (const found of [
      ['positive', 'negative'],
      ['POSITIVE', 'mixed'],
      ['0', '2'],
      ['1.0', '2.0', ''],
    ]) {
      expect(planLabels(found, { base: BASE })).toMatchObject({ from: 'base', labels: BASE })
    }
  })

  test('takes those of the data where the base has none of them: sorted, numbers by size', () => {
    const plan = (found: readonly string[], sources = {}) => planLabels(found, { base: BASE, ...sources })
    expect(plan(['joy', 'Anger', 'fear', 'anger'])).toMatchObject({ from: 'data', labels: ['Anger', 'fear', 'joy'] })
    expect(plan(['10', '2', '0', '2.0'])).toMatchObject({ from: 'data', labels: ['0', '2', '10'] })
    expect(plan(['1', '-1', '0'])).toMatchObject({ from: 'data', labels: ['-1', '0', '1'] })
    expect(planLabels(['b', 'a'], {})).toMatchObject({ from: 'data', labels: ['a', 'b'] })
  })

  test('takes those of the data set, in its order, where it names its numbers', () => {
    const named = planLabels(['0', '1'], { base: BASE, dataSet: ['won', 'lost', 'drawn'] })
    expect(named).toMatchObject({ from: 'data set', labels: ['won', 'lost', 'drawn'] })
    expect(['1', 'lost', 'Drawn', '3', '-1', ''].map(named.matcher.match)).toEqual([1, 1, 2, null, null, null])
  })

  test('a number that the data set names is its name, wherever the base has that', () => {
    const plan = planLabels(['0', '1'], { base: BASE, dataSet: ['positive', 'negative'] })
    expect(plan).toMatchObject({ from: 'base', labels: BASE })
    expect(['0', '1'].map(plan.matcher.match)).toEqual([2, 0])
  })

  test('a map goes before all of that', () => {
    const map = new Map([
      ['bad', 'negative'],
      ['4', 'positive'],
    ])
    const plan = planLabels(['bad', '4'], { base: BASE, map })
    expect(plan.from).toBe('base')
    expect(['Bad', '4', '1', 'great'].map(plan.matcher.match)).toEqual([0, 2, 1, null])
    const merged = planLabels(['joy', 'fear', 'love'], { map: new Map([['love', 'joy']]) })
    expect(merged.labels).toEqual(['fear', 'joy'])
    expect(['love', 'fear'].map(merged.matcher.match)).toEqual([1, 0])
    const renamed = planLabels(['0', '1'], { dataSet: ['pos', 'neg'], map: new Map([['pos', 'good']]) })
    expect(renamed.labels).toEqual(['good', 'neg'])
    expect(['0', '1'].map(renamed.matcher.match)).toEqual([0, 1])
  })

  test('what was asked for is taken, in its order', () => {
    const plan = planLabels(['0', 'good'], { base: BASE, asked: ['good', 'bad'] })
    expect(plan).toMatchObject({ from: 'asked', labels: ['good', 'bad'] })
    expect(['0', 'bad', 'positive'].map(plan.matcher.match)).toEqual([0, 1, null])
  })

  test('refuses what can not be labels', () => {
    expect(() => planLabels(['', ' '], {})).toThrow('every cell is empty')
    const scores = Array.from({ length: 300 }, (_, index) => String(index / 7))
    expect(() => planLabels(scores, {})).toThrow('300 different labels')
    expect(() => planLabels(['[0,2]', '[1]'], {})).toThrow('one label a row')
  })
})
