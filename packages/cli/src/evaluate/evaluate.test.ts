// Tests of what `renown evaluate` decides: batches, names.
import { describe, expect, test } from 'vitest'
import { planBatches } from './plan-batches.ts'
import { nameDataSet } from './to-record.ts'

describe('planBatches', () => {
  test('puts sequences of like length together, within the tokens, each once', () => {
    const lengths = [10, 500, 40, 300, 513, 200, 10, 12]
    const sequences = lengths.map((length, post) => ({ post, ids: new Int32Array(length) }))
    const batches = planBatches(sequences, 512).map((batch) => batch.map(({ ids }) => ids.length))
    expect(batches).toEqual([[513], [500], [300, 200], [40, 12, 10, 10]])
  })
})

test('a file that is named after a split is a part of what its folder is named after', () => {
  expect(nameDataSet('data/tweeteval-sentiment/test.jsonl')).toEqual({ dataSet: 'tweeteval-sentiment', split: 'test' })
  expect(nameDataSet('Posts 2024.csv.gz')).toEqual({ dataSet: 'Posts 2024', split: 'all' })
})
