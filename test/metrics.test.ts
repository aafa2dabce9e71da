// docs/metrics.md names every metric that the server defines, and no other.
import { expect, test } from 'vitest'
import { filesUnder, isTest, read } from './support/workspace.ts'

const NAME = /['`]((?:http|renown|sentiment)_[a-z_]+)['`]/g

function namesIn(text: string): string[] {
  return [...new Set([...text.matchAll(NAME)].map(([, name = '']) => name))].sort()
}

test('the documented metrics are those of the code', () => {
  const sources = filesUnder('packages/server/src/metrics', ['.ts']).filter((file) => !isTest(file))
  const defined = sources.map(read)
  expect(namesIn(defined.join('\n')).length).toBeGreaterThan(5)
  expect(namesIn(read('docs/metrics.md'))).toEqual(namesIn(defined.join('\n')))
})
