// Parquet, one row group at a time and a window of rows at a time, with its claims checked before they are believed.
import { open } from 'node:fs/promises'
import type { AsyncBuffer, FileMetaData } from 'hyparquet'
import { parquetMetadataAsync, parquetRead, parquetSchema } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { fileInfo, readRange, toFileError } from './byte-stream.ts'
import { cleanColumnNames } from './column-names.ts'
import { FilesError } from './errors.ts'
import type { FileLimits } from './limits.ts'
import { checkRowGroup } from './parquet-pages.ts'
import { PARQUET_PARSERS, plainValue } from './parquet-values.ts'
import type { SourceParts } from './row-source.ts'
import type { RowOutcome } from './rows.ts'
import { rejectLongField } from './text-parser.ts'

/** Rows decoded at once: a large row group is read in windows, so that its rows are never all held. */
const WINDOW_ROWS = 32_768
/** Bytes of a row group that are kept for its next window instead of being read again. */
const CACHED_BYTES = 128 * 1024 * 1024

type ParquetParts = Pick<
  SourceParts,
  'format' | 'delimiter' | 'columns' | 'pending' | 'outcomes' | 'encoding' | 'repairedRows' | 'bytesRead' | 'destroy'
>

export async function openParquet(path: string, limits: FileLimits): Promise<ParquetParts> {
  const { size } = await fileInfo(path)
  const handle = await open(path, 'r').catch((cause) => {
    throw toFileError(cause, path)
  })
  let rowsRead = 0
  try {
    const bytes: AsyncBuffer = { byteLength: size, slice: (start, end = size) => readRange(handle, start, end) }
    const metadata = await readMetadata(bytes, limits)
    const names = parquetSchema(metadata).children.map(({ element }) => element.name)
    if (names.length === 0) throw new FilesError('NO_COLUMNS', 'Expected columns, found none.')
    const rows = Number(metadata.num_rows)
    const outcomes = readGroups(bytes, metadata, names, limits, (count) => {
      rowsRead += count
    })
    const first = await outcomes.next()
    return {
      format: 'parquet',
      delimiter: null,
      columns: cleanColumnNames(names),
      pending: first.done === true ? [] : first.value,
      outcomes,
      encoding: () => null,
      repairedRows: () => 0,
      bytesRead: () => (rows === 0 ? size : Math.min(size, Math.round((size * rowsRead) / rows))),
      destroy: () => handle.close(),
    }
  } catch (cause) {
    await handle.close()
    throw toParquetError(cause)
  }
}

/** The footer: 4 bytes of length and `PAR1` at the end; a file that was cut off has something else there. */
export async function readMetadata(bytes: AsyncBuffer, limits: FileLimits): Promise<FileMetaData> {
  if (bytes.byteLength < 12) throw new FilesError('PARQUET_INVALID', 'The Parquet file is cut off: it has no footer.')
  const end = Buffer.from(await bytes.slice(bytes.byteLength - 8))
  if (end.toString('latin1', 4) !== 'PAR1') {
    throw new FilesError('PARQUET_INVALID', 'The Parquet file is cut off: expected PAR1 at its end.')
  }
  const footer = end.readUInt32LE(0)
  if (footer > limits.parquetFooterBytes) {
    throw new FilesError(
      'PARQUET_TOO_LARGE',
      `Expected a footer of at most ${limits.parquetFooterBytes} bytes, got ${footer}.`,
    )
  }
  return parquetMetadataAsync(bytes, { parsers: PARQUET_PARSERS, geoparquet: false })
}

async function* readGroups(
  bytes: AsyncBuffer,
  metadata: FileMetaData,
  names: readonly string[],
  limits: FileLimits,
  onRows: (count: number) => void,
): AsyncGenerator<RowOutcome[]> {
  const columns = cleanColumnNames(names)
  let groupStart = 0
  try {
    for (const group of metadata.row_groups) {
      const rows = Number(group.num_rows)
      const file = cacheSlices(bytes, CACHED_BYTES)
      await checkRowGroup(file, group, limits)
      for (let start = 0; start < rows; start += WINDOW_ROWS) {
        const rowStart = groupStart + start
        const rowEnd = groupStart + Math.min(rows, start + WINDOW_ROWS)
        const cells = await readWindow(file, metadata, names, rowStart, rowEnd)
        onRows(cells.length)
        yield cells.map((row, index) => toOutcome(row, columns, rowStart + index + 1, limits))
      }
      groupStart += rows
    }
  } catch (cause) {
    throw toParquetError(cause)
  }
}

async function readWindow(
  file: AsyncBuffer,
  metadata: FileMetaData,
  columns: readonly string[],
  rowStart: number,
  rowEnd: number,
): Promise<unknown[][]> {
  let cells: unknown[][] = []
  await parquetRead({
    file,
    metadata,
    columns: [...columns],
    rowStart,
    rowEnd,
    compressors,
    parsers: PARQUET_PARSERS,
    geoparquet: false,
    onComplete: (rows) => {
      cells = rows
    },
  })
  if (cells.length !== rowEnd - rowStart) {
    throw new FilesError('PARQUET_INVALID', `Expected ${rowEnd - rowStart} rows, the Parquet file has ${cells.length}.`)
  }
  return cells
}

function toOutcome(
  cells: readonly unknown[],
  columns: readonly string[],
  line: number,
  limits: FileLimits,
): RowOutcome {
  const values: Record<string, unknown> = {}
  for (let index = 0; index < columns.length; index++) values[columns[index]!] = plainValue(cells[index])
  return rejectLongField(values, line, limits) ?? { line, values }
}

/** Remembers the slices of one row group, up to a sum of bytes. */
function cacheSlices(bytes: AsyncBuffer, maxBytes: number): AsyncBuffer {
  const slices = new Map<string, Promise<ArrayBuffer>>()
  let held = 0
  return {
    byteLength: bytes.byteLength,
    slice(start, end = bytes.byteLength) {
      const key = `${start}-${end}`
      const known = slices.get(key)
      if (known !== undefined) return known
      const slice = Promise.resolve(bytes.slice(start, end))
      held += end - start
      if (held <= maxBytes) slices.set(key, slice)
      return slice
    },
  }
}

/** Whatever the decoder stumbled over, the file is at fault: its own message stays as the cause. */
export function toParquetError(cause: unknown): unknown {
  if (cause instanceof FilesError) return cause
  const message = cause instanceof Error ? cause.message : String(cause)
  const code = /unsupported/i.test(message) ? 'PARQUET_UNSUPPORTED' : 'PARQUET_INVALID'
  return new FilesError(code, `Can't read the Parquet file: ${message}`, { cause })
}
