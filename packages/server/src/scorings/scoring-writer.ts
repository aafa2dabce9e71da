// Results, index and rejects of a job, written chunk by chunk.
import type { ColumnMapping, ScoredPost, ScoringSummary } from '@renown/contract'
import type { SourceRow } from '@renown/files'
import type { Classification } from '@renown/reputation'
import { type AppendFile, openAppendFile } from './append-file.ts'
import { ENTRY_BYTES, encodeEntries, hashText, type IndexEntry } from './post-index.ts'
import { NOTHING_WRITTEN, type ScoringPaths, type Written } from './record.ts'
import { renderStoredRow, storeRow, toPost } from './stored-row.ts'
import { createRunningSummary } from './summarize.ts'

export interface ScoringWriter {
  add(row: SourceRow, date: Date | null, classification: Classification): void
  reject(row: { readonly line: number; readonly code: string; readonly reason: string }): void
  /** Writes what was added since the last time. Where that fails, none of it counts, here and in the summary. */
  flush(): Promise<void>
  /** What is on the disk and counts. */
  written(): Written
  summary(): ScoringSummary
  close(): Promise<void>
}

export async function openScoringWriter(paths: ScoringPaths, mapping: ColumnMapping): Promise<ScoringWriter> {
  const [results, index, rejects] = await openAll([paths.results, paths.index, paths.rejects])
  const summary = createRunningSummary()
  let lines: string[] = []
  let entries: IndexEntry[] = []
  let rejected: string[] = []
  let posts: ScoredPost[] = []
  let offset = 0
  let written = NOTHING_WRITTEN

  return {
    add(row, date, classification) {
      const stored = storeRow(row, date, classification)
      const line = renderStoredRow(stored)
      const post = toPost(stored, mapping)
      const length = Buffer.byteLength(line)
      const { label, score } = post
      const textHash = hashText(post.text.trim())
      entries.push({ offset, length, label, score, date: date === null ? Number.NaN : date.getTime(), textHash })
      lines.push(line)
      posts.push(post)
      offset += length
    },
    reject({ line, code, reason }) {
      rejected.push(`${JSON.stringify({ line, code, reason })}\n`)
    },
    async flush() {
      // The index last: it never names a row that is not there.
      await results.append(Buffer.from(lines.join('')))
      await rejects.append(Buffer.from(rejected.join('')))
      await index.append(encodeEntries(entries))
      for (const post of posts) summary.add(post)
      for (const _ of rejected) summary.reject()
      written = { results: results.length(), entries: index.length() / ENTRY_BYTES, rejects: rejects.length() }
      lines = []
      entries = []
      posts = []
      rejected = []
    },
    written: () => written,
    summary: summary.result,
    async close() {
      await Promise.all([results.close(), index.close(), rejects.close()])
    },
  }
}

async function openAll(
  paths: readonly [string, string, string],
): Promise<readonly [AppendFile, AppendFile, AppendFile]> {
  const [results, index, rejects] = paths
  return [await openAppendFile(results), await openAppendFile(index), await openAppendFile(rejects)]
}
