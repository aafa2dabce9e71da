// Results and index of a job on the disk.
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Classification } from '@renown/reputation'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readLines } from './append-file.ts'
import {
  encodeEntries,
  findInFileOrder,
  findStrongest,
  hashText,
  type IndexEntry,
  type PageRequest,
} from './post-index.ts'
import { cutToRecord, makeScoringFolder, type ScoringPaths, scoringPaths } from './record.ts'
import { openScoringWriter } from './scoring-writer.ts'
import { parseStoredRow } from './stored-row.ts'

let root: string
let paths: ScoringPaths
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'renown-writer-'))
  paths = scoringPaths(root, 'A'.repeat(22))
  await makeScoringFolder(paths)
})
afterEach(async () => await rm(root, { recursive: true }))

const GOOD: Classification = {
  label: 'positive',
  score: 0.9,
  scores: { negative: 0.05, neutral: 0.05, positive: 0.9 },
  windows: 1,
  model: '1',
  cached: false,
}

async function collect(path: string, length: number): Promise<string[]> {
  const lines: string[] = []
  for await (const line of readLines(path, length)) lines.push(line)
  return lines
}

describe('the writer of a job', () => {
  test('writes rows that come back as they were, whatever is in them', async () => {
    const writer = await openScoringWriter(paths, { text: 'text' })
    const texts = ['plain', 'two\nlines', 'u+2028 \u2028 and \u2029', '\u{1f600}', '\u0000', 'x'.repeat(300_000)]
    for (const [i, text] of texts.entries())
      writer.add({ line: i + 2, values: { text, n: 5n, d: new Date(0) } }, null, GOOD)
    writer.reject({ line: 99, code: 'TEXT_EMPTY', reason: 'empty' })
    await writer.flush()
    const { results, entries, rejects } = writer.written()
    const rows = (await collect(paths.results, results)).map(parseStoredRow)
    expect(rows.map(({ values }) => values.text)).toEqual(texts)
    expect(rows[0]?.values).toMatchObject({ n: 5, d: '1970-01-01T00:00:00.000Z' })
    expect(entries).toBe(texts.length)
    expect(await collect(paths.rejects, rejects)).toHaveLength(1)
    expect(writer.summary()).toMatchObject({ rows: 7, scored: 6, rejected: 1 })
    await writer.close()
  })

  test('counts nothing of a chunk that could not be written', async () => {
    const writer = await openScoringWriter(paths, { text: 'text' })
    writer.add({ line: 2, values: { text: 'first' } }, null, GOOD)
    await writer.flush()
    const before = writer.written()
    writer.add({ line: 3, values: { text: 'second' } }, null, GOOD)
    await writer.close()
    await expect(writer.flush()).rejects.toThrow()
    expect(writer.written()).toEqual(before)
    expect(writer.summary().scored).toBe(1)
    await cutToRecord(paths, before)
    expect(await collect(paths.results, before.results)).toHaveLength(1)
  })

  test('never writes into what is there', async () => {
    const writer = await openScoringWriter(paths, { text: 'text' })
    await writer.close()
    await expect(openScoringWriter(paths, { text: 'text' })).rejects.toMatchObject({ code: 'EEXIST' })
  })
})

describe('the index', () => {
  const ALL = { label: null, from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY } as const

  async function write(entries: readonly IndexEntry[]): Promise<Omit<PageRequest, 'limit'>> {
    const { writeFile } = await import('node:fs/promises')
    await mkdir(paths.folder, { recursive: true })
    await writeFile(paths.index, encodeEntries(entries))
    return { path: paths.index, entries: entries.length, filter: ALL }
  }

  /** More rows than are read at once, with many ties and repeats. */
  const rows = Array.from({ length: 70_000 }, (_, i): IndexEntry => {
    const text = i % 3 === 0 ? `repeat ${i % 97}` : `text ${i}`
    const score = ((i % 3 === 0 ? i % 97 : i * 7919) % 1000) / 1000
    const label = i % 2 === 0 ? 'positive' : 'negative'
    return {
      offset: i * 10,
      length: 10,
      label,
      score,
      date: i % 5 === 0 ? Number.NaN : i * 1000,
      textHash: hashText(text),
    }
  })

  test('gives the strongest as sorting everything would, page after page', async () => {
    const page = { ...(await write(rows)), limit: 173 }
    const filter = { label: 'positive', from: 1_000_000, to: 60_000_000 } as const
    const seen = new Set<string>()
    const expected = rows
      .map((row, number) => ({ ...row, score: Math.fround(row.score), number }))
      .filter(({ label, date }) => label === filter.label && date >= filter.from && date < filter.to)
      .sort((a, b) => b.score - a.score || a.number - b.number)
      .filter(({ score, textHash }) => !seen.has(`${score} ${textHash}`) && seen.add(`${score} ${textHash}`))
      .map(({ number }) => number)
    const found: number[] = []
    for (let after = null as { score: number; number: number } | null; found.length < 1000; ) {
      const more = await findStrongest({ ...page, filter }, after)
      found.push(...more.map(({ number }) => number))
      after = more.at(-1) ?? null
    }
    expect(found).toEqual(expected.slice(0, found.length))
  })

  test('gives rows in the order of the file, from anywhere', async () => {
    const page = { ...(await write(rows)), limit: 3 }
    const found = await findInFileOrder({ ...page, filter: { ...ALL, label: 'negative' } }, 65_000)
    expect(found.map(({ number, offset }) => [number, offset])).toEqual([
      [65_001, 650_010],
      [65_003, 650_030],
      [65_005, 650_050],
    ])
    expect(await findInFileOrder(page, 69_999)).toEqual([])
  })
})
