// Rows that could not be scored: into a file where there is one to write to, else told of, the first ones each.
import { rm } from 'node:fs/promises'
import { type Io, note, writeAll } from '../io.ts'
import type { InputReject } from './input-row.ts'
import { type OutputFile, openOutputFile } from './output-file.ts'

export interface Rejects {
  add(row: InputReject): Promise<void>
  /** How many there were. The file exists only if there were any. */
  end(): Promise<number>
}

const SHOWN = 10

/** The file is JSON Lines: `line`, `code`, `reason`, and `file` where there are several. */
export function createRejects(path: string | null, io: Io): Rejects {
  let count = 0
  let file: OutputFile | null = null
  return {
    async add(row) {
      count++
      if (path === null) {
        if (count <= SHOWN) note(io, `line ${row.line} rejected: ${row.reason} (${row.code})`)
        return
      }
      file ??= await openOutputFile(path)
      const { file: from, ...rest } = row
      await writeAll(file.stream, `${JSON.stringify(from === null ? rest : { file: from, ...rest })}\n`)
    },
    async end() {
      if (file !== null) await file.finish()
      // One that an earlier run left under this name would tell of rows that are fine now.
      else if (path !== null) await rm(path, { force: true })
      return count
    },
  }
}
