// From the rows of a file to chunks of posts.
import { cellText, isRejectedRow, parseDate, type RowOutcome, type RowSource } from '@renown/files'
import type { Columns } from './choose-columns.ts'
import { CHUNK_CHARS, CHUNK_ROWS, type InputItem } from './input-row.ts'

/** Rows are read in small steps, so that long ones don't add up. */
const STEP_ROWS = 64

/** `file` is given to every row. */
export async function* readSource(
  source: RowSource,
  columns: Columns,
  file: string | null,
): AsyncGenerator<readonly InputItem[]> {
  let chunk: InputItem[] = []
  let chars = 0
  for await (const rows of source.batches(STEP_ROWS, { textColumn: columns.text })) {
    for (const row of rows) {
      chunk.push(toItem(row, columns, file))
      chars += countChars(row)
    }
    if (chunk.length < CHUNK_ROWS && chars < CHUNK_CHARS) continue
    yield chunk
    chunk = []
    chars = 0
  }
  if (chunk.length > 0) yield chunk
}

function toItem(row: RowOutcome, columns: Columns, file: string | null): InputItem {
  if (isRejectedRow(row)) return { file, line: row.line, code: row.code, reason: row.reason }
  const text = cellText(row.values[columns.text])
  if (text === null || text.trim() === '') {
    return { file, line: row.line, code: 'TEXT_EMPTY', reason: `column "${columns.text}" is empty` }
  }
  const date = columns.date === null ? null : parseDate(row.values[columns.date], columns.dateOrder)
  return { file, line: row.line, text, date, values: row.values }
}

function countChars(row: RowOutcome): number {
  if (isRejectedRow(row)) return row.reason.length
  let chars = 0
  for (const key in row.values) {
    const value = row.values[key]
    chars += typeof value === 'string' ? value.length : 8
  }
  return chars
}
