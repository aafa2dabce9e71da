// Tests of the data report as tables.
import { reportData } from '@renown/ml'
import { expect, test } from 'vitest'
import { tabulateData } from './tabulate-data.ts'

test('counts are numbers, so that they stand to the right; training posts are no leaks of themselves', () => {
  const split = { texts: ['The tram was late again', 'What a fine evening'], classes: [0, 1] }
  const validation = { texts: ['The tram was late again', 'The menu is on the door'], classes: [0, 1] }
  const report = reportData({ train: split, validation, labels: ['bad', 'good'] })
  const [labels, texts] = tabulateData(report)
  expect(labels?.rows).toEqual([
    ['train', 2, 1, 1],
    ['validation', 2, 1, 1],
  ])
  expect(texts?.rows.map((row) => row.at(-1))).toEqual(['', 1])
})
