// Names from outside as label values.
import { expect, test } from 'vitest'
import { toLabelValue } from './label-value.ts'

test('what is short and printable stays as it is', () => {
  for (const value of ['v12', 'twitter-roberta base', 'modèle', '"quoted"', 'a\\b', 'x'.repeat(100)]) {
    expect(toLabelValue(value)).toBe(value)
  }
})

test('what was different stays different', () => {
  const values = [
    '',
    ' ',
    'a\nb',
    'a b',
    'a\r\nb',
    'a\u2028b',
    `${'x'.repeat(10_000)}1`,
    `${'x'.repeat(10_000)}2`,
    '\ud800',
  ]
  const labels = values.map(toLabelValue)
  expect(new Set(labels).size).toBe(values.length)
  for (const label of labels) {
    expect(label.length).toBeLessThanOrEqual(100)
    expect(label).toMatch(/^[^\n\r\u2028]+$/)
    expect(label.isWellFormed()).toBe(true)
  }
})
