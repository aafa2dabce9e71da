// Rows that were taken from several sources, as one split.
import { createHash } from 'node:crypto'
import type { LabelledRow, LoadedSplit } from './load-data.ts'

/** Named after all of the sources; at least one. */
export function joinSplits(
  sources: readonly LoadedSplit[],
  splitName: string,
  rows: readonly LabelledRow[],
): LoadedSplit {
  const [first] = sources
  if (first === undefined) throw new Error('Expected at least one source of training posts')
  return {
    rows,
    name: sources.map(({ name }) => name).join(' and '),
    splitName,
    config: first.config,
    revision: first.revision,
    sha256: sources.length === 1 ? first.sha256 : hashAll(sources.map(({ sha256 }) => sha256)),
  }
}

function hashAll(hashes: readonly string[]): string {
  return createHash('sha256').update(hashes.join('\n')).digest('hex')
}
