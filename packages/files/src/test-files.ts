// Help for this package's tests: files in a temporary folder, chunks of any size, everything a source gives.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { OpenOptions } from './open-rows.ts'
import { openRows, openRowsFromStream } from './open-rows.ts'
import type { ReadOptions, RejectedRow, RowSource, SourceRow } from './rows.ts'
import { isRejectedRow } from './rows.ts'

const FIXTURES = join(dirname(fileURLToPath(import.meta.url)), '..', 'fixtures')

export function fixture(name: string): string {
  return join(FIXTURES, name)
}

export interface TestFolder {
  write(name: string, content: string | Uint8Array): string
  remove(): void
}

export function createTestFolder(): TestFolder {
  const folder = mkdtempSync(join(tmpdir(), 'renown-files-test-'))
  return {
    write(name, content) {
      const path = join(folder, name)
      writeFileSync(path, content)
      return path
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

export interface Everything {
  readonly source: RowSource
  readonly rows: SourceRow[]
  readonly rejected: RejectedRow[]
}

export async function readEverything(source: RowSource, options?: ReadOptions): Promise<Everything> {
  const rows: SourceRow[] = []
  const rejected: RejectedRow[] = []
  for await (const row of source.rows(options)) {
    if (isRejectedRow(row)) rejected.push(row)
    else rows.push(row)
  }
  return { source, rows, rejected }
}

export async function readFile(path: string, options?: OpenOptions & ReadOptions): Promise<Everything> {
  return readEverything(await openRows(path, options), options)
}

/** The content as a stream in chunks of `size` bytes. */
export async function readContent(
  content: string | Uint8Array,
  options?: OpenOptions & ReadOptions,
  size = 65_536,
): Promise<Everything> {
  return readEverything(await openRowsFromStream(chunksOf(content, size), options), options)
}

export async function* chunksOf(content: string | Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(content)
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size)
}

export function valuesOf({ rows }: Everything): readonly Readonly<Record<string, unknown>>[] {
  return rows.map(({ values }) => values)
}
