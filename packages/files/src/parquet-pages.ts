// A row group's claims, checked against the limits and against each other before any of its pages is unpacked.
import type { AsyncBuffer, ColumnMetaData, PageHeader, RowGroup } from 'hyparquet'
import { parquetHeader } from 'hyparquet/src/column.js'
import { FilesError } from './errors.ts'
import type { FileLimits } from './limits.ts'

/** A few bytes can claim billions of values or gigabytes of text; the decoder would believe them. */
export async function checkRowGroup(file: AsyncBuffer, group: RowGroup, limits: FileLimits): Promise<void> {
  const rows = Number(group.num_rows)
  if (!(rows >= 0 && rows <= limits.parquetRowGroupRows)) {
    throw tooLarge(`at most ${limits.parquetRowGroupRows} rows in a row group`, rows)
  }
  const unpacked = group.columns.reduce(
    (sum, { meta_data }) => sum + Number(meta_data?.total_uncompressed_size ?? 0),
    0,
  )
  if (unpacked > limits.parquetRowGroupBytes) {
    throw tooLarge(`at most ${limits.parquetRowGroupBytes} bytes in a row group`, unpacked)
  }
  if (rows === 0) return
  for (const { meta_data } of group.columns) {
    if (meta_data !== undefined) await checkPages(file, meta_data, limits)
  }
}

async function checkPages(file: AsyncBuffer, column: ColumnMetaData, limits: FileLimits): Promise<void> {
  const start = Number(column.dictionary_page_offset || column.data_page_offset)
  const end = start + Number(column.total_compressed_size)
  if (!(start >= 4 && end >= start && end <= file.byteLength)) {
    throw new FilesError('PARQUET_INVALID', `A column of the Parquet file lies outside of it: ${start} to ${end}.`)
  }
  const reader = { view: new DataView(await file.slice(start, end)), offset: 0 }
  while (reader.offset < reader.view.byteLength - 1) {
    const header = parquetHeader(reader)
    checkHeader(header, limits)
    reader.offset += header.compressed_page_size
  }
}

function checkHeader(header: PageHeader, limits: FileLimits): void {
  const { compressed_page_size: packed, uncompressed_page_size: unpacked } = header
  if (!(packed >= 0 && unpacked >= 0))
    throw new FilesError('PARQUET_INVALID', 'A page of the Parquet file has no size.')
  if (unpacked > limits.parquetPageBytes) throw tooLarge(`at most ${limits.parquetPageBytes} bytes in a page`, unpacked)
  const page = header.data_page_header ?? header.data_page_header_v2 ?? header.dictionary_page_header
  const values = Number(page?.num_values ?? 0)
  if (!(values >= 0 && values <= limits.parquetRowGroupRows)) {
    throw tooLarge(`at most ${limits.parquetRowGroupRows} values in a page`, values)
  }
}

function tooLarge(expected: string, got: number): FilesError {
  return new FilesError('PARQUET_TOO_LARGE', `Expected ${expected} of the Parquet file, got ${got}.`)
}
