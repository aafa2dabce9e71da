// What a Parquet file says of itself in its footer: rows, columns and notes, without reading a row.
import { open } from 'node:fs/promises'
import { type FileMetaData, parquetSchema } from 'hyparquet'
import { fileInfo, readRange, toFileError } from './byte-stream.ts'
import { DEFAULT_LIMITS, type FileLimits } from './limits.ts'
import { readMetadata, toParquetError } from './parquet.ts'

export interface ParquetColumn {
  readonly name: string
  /** True where the column holds text. */
  readonly isText: boolean
}

export interface ParquetDescription {
  readonly rows: number
  readonly columns: readonly ParquetColumn[]
  /** What the writer noted beside the schema, by key, such as `huggingface`. */
  readonly notes: Readonly<Record<string, string>>
}

/** Throws FILE_NOT_FOUND, FILE_UNREADABLE, PARQUET_INVALID, PARQUET_TOO_LARGE. */
export async function describeParquet(path: string, limits: FileLimits = DEFAULT_LIMITS): Promise<ParquetDescription> {
  const { size } = await fileInfo(path)
  const handle = await open(path, 'r').catch((cause) => {
    throw toFileError(cause, path)
  })
  try {
    const bytes = {
      byteLength: size,
      slice: (start: number, end: number = size) => readRange(handle, start, end),
    }
    return describe(await readMetadata(bytes, limits))
  } catch (cause) {
    throw toParquetError(cause)
  } finally {
    await handle.close()
  }
}

function describe(metadata: FileMetaData): ParquetDescription {
  const notes = (metadata.key_value_metadata ?? []).map(({ key, value }) => [key, value ?? ''])
  return {
    rows: Number(metadata.num_rows),
    columns: parquetSchema(metadata).children.map(({ element }) => ({
      name: element.name,
      isText: element.converted_type === 'UTF8' || element.logical_type?.type === 'STRING',
    })),
    notes: Object.fromEntries(notes),
  }
}
