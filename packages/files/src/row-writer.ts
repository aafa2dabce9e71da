// Rows out, as CSV or JSON Lines, at the pace of whoever takes them.
import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { csvRecord } from './csv-cell.ts'
import { toJson } from './rows.ts'

export type WriteFormat = 'csv' | 'jsonl'

export interface RowWriter {
  /** undefined while there is room; a promise to wait for when the stream is full. */
  write(row: Readonly<Record<string, unknown>>): Promise<void> | undefined
  /** Hands on what is gathered, for readers that wait; a promise when the stream is full. */
  flush(): Promise<void> | undefined
  /** Writes what is left and ends the stream (standard output and error stay open). */
  end(): Promise<void>
}

export interface WriterOptions {
  /**
   * CSV: an apostrophe goes before a cell that a spreadsheet would run as a formula (`=`, `+`, `-`, `@`, tab or
   * carriage return first). On by default; without it, cells are written exactly as they are.
   */
  readonly neutralizeFormulas?: boolean
}

/** Pieces are gathered up to this size: a million small writes cost more than the rows. */
const GATHERED_CHARS = 64 * 1024

/** CSV: RFC 4180 with a header; without `columns`, the first row's keys. JSON Lines: each row as it is, or its `columns`. */
export function createRowWriter(
  out: Writable,
  format: WriteFormat,
  columns?: readonly string[],
  options: WriterOptions = {},
): RowWriter {
  const toLine = format === 'csv' ? csvLines(columns, options.neutralizeFormulas ?? true) : jsonLines(columns)
  let gathered = toLine.head
  let failure: Error | null = null
  const onError = (error: Error): void => {
    failure = error
  }
  out.on('error', onError)

  function flush(): Promise<void> | undefined {
    const piece = gathered
    gathered = ''
    if (piece === '' || out.write(piece)) return undefined
    return drained(out)
  }

  return {
    write(row) {
      if (failure !== null) return Promise.reject(failure)
      gathered += toLine.line(row)
      return gathered.length < GATHERED_CHARS ? undefined : flush()
    },
    flush: () => (failure === null ? flush() : Promise.reject(failure)),
    async end() {
      if (failure !== null) throw failure
      await flush()
      if (isStandard(out)) await written(out)
      else {
        out.end()
        await finished(out, { readable: false })
      }
      out.off('error', onError)
    },
  }
}

interface LineMaker {
  /** What comes before the rows. */
  readonly head: string
  line(row: Readonly<Record<string, unknown>>): string
}

function csvLines(columns: readonly string[] | undefined, neutralize: boolean): LineMaker {
  let names = columns
  return {
    head: names === undefined ? '' : csvRecord(names, neutralize),
    line(row) {
      if (names !== undefined)
        return csvRecord(
          names.map((name) => row[name]),
          neutralize,
        )
      names = Object.keys(row)
      return csvRecord(names, neutralize) + csvRecord(Object.values(row), neutralize)
    },
  }
}

function jsonLines(columns: readonly string[] | undefined): LineMaker {
  const pick = (row: Readonly<Record<string, unknown>>): unknown =>
    columns === undefined ? row : Object.fromEntries(columns.map((name) => [name, row[name]]))
  return { head: '', line: (row) => `${toJson(pick(row))}\n` }
}

function drained(out: Writable): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: Error): void => {
      out.off('drain', onDrain)
      out.off('error', settle)
      out.off('close', onClose)
      if (error === undefined) resolve()
      else reject(error)
    }
    const onDrain = (): void => settle()
    const onClose = (): void => settle(new Error('The stream was closed before everything was written.'))
    out.once('drain', onDrain)
    out.once('error', settle)
    out.once('close', onClose)
  })
}

function isStandard(out: Writable): boolean {
  return out === process.stdout || out === process.stderr
}

function written(out: Writable): Promise<void> {
  return new Promise((resolve, reject) => {
    out.write('', (error) => (error ? reject(error) : resolve()))
  })
}
