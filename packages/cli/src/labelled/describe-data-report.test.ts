// The data report as it is read in a terminal.
import { reportData, TWEET_PREPARATION } from '@renown/ml'
import { expect, test } from 'vitest'
import { describeDataReport } from './describe-data-report.ts'

test('a report tells counts, lengths, duplicates, and where the rows of its warnings stand', () => {
  const report = reportData({
    train: {
      texts: ['what a view', 'What a view!', 'rude waiter &amp; cold soup', 'opens at nine', 'great'],
      classes: [2, 1, 0, 1, 2],
    },
    validation: { texts: ['opens at nine.', 'never again', 'superb'], classes: [1, 0, 2] },
    labels: ['negative', 'neutral', 'positive'],
    preparation: TWEET_PREPARATION,
    encode: (text) => new Int32Array(text.split(' ').length + 2),
    window: 6,
  })
  const place = (split: string, row: number) => ({ file: `${split}.csv`, row: row + 2 })
  expect(describeDataReport(report, { placeOf: place })).toEqual([
    'Label     train          validation',
    '────────  ─────  ──────  ──────────  ──────',
    'negative      1  20.0 %           1  33.3 %',
    'neutral       2  40.0 %           1  33.3 %',
    'positive      2  40.0 %           1  33.3 %',
    'rows          5                   3',
    '',
    'Length                  median  99 %  longest  cut off',
    '──────────────────────  ──────  ────  ───────  ───────',
    'train, characters           12    27       27',
    'validation, characters      11    14       14',
    'train, tokens                5     7        7   20.0 %',
    'validation, tokens           4     5        5    0.0 %',
    '',
    'Duplicates            equal rows  nearly equal  groups of several labels',
    '────────────────────  ──────────  ────────────  ────────────────────────',
    'inside train                   2             0                         1',
    'inside validation              0             0                         0',
    'train and validation           1             0',
    '',
    'train: literal escapes (\\u2019) in 0 rows and HTML entities (&amp;) in 1 are decoded',
    'Warning: train has 1 row of validation (1 equal, 0 nearly equal): its figures will look better than they are (train.csv: 5)',
    'Warning: train has 1 group of equal texts and 0 groups of nearly equal ones with several labels (train.csv: 2, 3)',
    'Warning: train repeats itself: 2 rows in 1 group of equal texts, 0 rows in 0 groups of nearly equal ones (train.csv: 2, 3)',
    'Warning: train has 1 row with more than the 6 tokens that are kept (train.csv: 4)',
  ])
})
