// Tests of what `renown evaluate` decides: names.
import { expect, test } from 'vitest'
import { nameDataSet } from './name-data-set.ts'

test('a file that is named after a split is a part of what its folder is named after', () => {
  expect(nameDataSet('data/tweeteval-sentiment/test.jsonl')).toEqual({ dataSet: 'tweeteval-sentiment', split: 'test' })
  expect(nameDataSet('reviews/val.csv.gz')).toEqual({ dataSet: 'reviews', split: 'validation' })
  expect(nameDataSet('Posts 2024.csv.gz')).toEqual({ dataSet: 'Posts 2024', split: 'all' })
})
