// The same file on the same data, of two models.
import { expect, test } from 'vitest'
import { pairEvaluations } from './pair-evaluations.ts'

const one = { file: 'a.onnx', dataSet: 'posts', split: 'test', rows: 1, sha256: 'a', metrics: {} }
const pair = { file: 'a.onnx', encoding: null, dataSet: 'posts', split: 'test' }

test('tells that the same name stands for other data', () => {
  const other = { ...one, sha256: 'b' }
  expect(pairEvaluations([one], [other])).toEqual([{ ...pair, one, other, sameData: false }])
  expect(pairEvaluations([one], [one])).toEqual([{ ...pair, one, other: one, sameData: true }])
})

test('keeps what only one of them has, and tells encodings of one file apart', () => {
  const eight = { ...one, encoding: 'int8' }
  expect(pairEvaluations([one], [eight])).toEqual([
    { ...pair, one, other: null, sameData: null },
    { ...pair, encoding: 'int8', one: null, other: eight, sameData: null },
  ])
})
