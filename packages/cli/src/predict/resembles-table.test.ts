// Tests of what looks like the start of a table.
import { expect, test } from 'vitest'
import { resembledFormat } from './resembles-table.ts'

test.each([
  ['id,text', 'csv'],
  ['"Id";"Full Text";"Datum"', 'csv'],
  ['created_at\ttweet\tlang', 'tsv'],
  ['{"text": "so good", "id": 3}', 'jsonl'],
])('%j is the start of %s', (line, format) => {
  expect(resembledFormat(line)).toBe(format)
})

test.each([
  'text',
  'a,b',
  'Great service, thank you!',
  'I read the text, and the review, and I agree',
  '{not json}',
  '{',
  '17,42',
  '',
])('%j is a post', (line) => {
  expect(resembledFormat(line)).toBeNull()
})
