// Opens a file or a stream of rows: looks inside first, at the name second.
import { basename } from 'node:path'
import type { ByteStream, Peeked } from './byte-stream.ts'
import { openFileBytes, openStreamBytes, peek } from './byte-stream.ts'
import { FilesError } from './errors.ts'
import { expandGzip, isGzip } from './gunzip.ts'
import type { FileLimits } from './limits.ts'
import { DEFAULT_LIMITS } from './limits.ts'
import { isParquet } from './magic.ts'
import { openText } from './open-text.ts'
import { openParquet } from './parquet.ts'
import { createRowSource } from './row-source.ts'
import type { FileFormat, RowSource } from './rows.ts'
import { spool } from './spool.ts'

export interface OpenOptions {
  /** What it is, instead of what it looks like. */
  readonly format?: FileFormat
  /** The name it had where it came from, where that isn't the path's. */
  readonly name?: string
  /** Any name of a text encoding that the WHATWG standard knows, instead of what it looks like. */
  readonly encoding?: string
  readonly delimiter?: string
  /** Whether the first record names the columns, instead of what it looks like. */
  readonly header?: boolean
  readonly limits?: Partial<FileLimits>
}

const BYTES_TO_LOOK_AT = 64 * 1024

/** Throws a FilesError with a code where the file as a whole can't be read; broken rows come as rejected rows. */
export async function openRows(path: string, options: OpenOptions = {}): Promise<RowSource> {
  const bytes = await openFileBytes(path)
  return openBytes(bytes, { name: basename(path), ...options }, path)
}

/** Standard input, an upload: everything `openRows` reads; Parquet is laid down in a temporary file first. */
export function openRowsFromStream(stream: AsyncIterable<Uint8Array>, options: OpenOptions = {}): Promise<RowSource> {
  return openBytes(openStreamBytes(stream), options, null)
}

async function openBytes(bytes: ByteStream, options: OpenOptions, path: string | null): Promise<RowSource> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits }
  try {
    const stored = await peek(bytes.chunks, BYTES_TO_LOOK_AT)
    if (stored.head.length === 0) throw new FilesError('FILE_EMPTY', 'The file has no rows: it is empty.')
    const gzip = isGzip(stored.head)
    const peeked = gzip ? await peek(expandGzip(stored.all, limits), BYTES_TO_LOOK_AT) : stored
    if (options.format === 'parquet' || (options.format === undefined && isParquet(peeked.head))) {
      return await openParquetSource(bytes, peeked, gzip, path, limits)
    }
    const parts = await openText(peeked, { ...options, limits })
    return createRowSource({
      ...parts,
      gzip,
      bytesTotal: bytes.total,
      bytesRead: bytes.read,
      destroy: bytes.destroy,
    })
  } catch (cause) {
    await bytes.destroy()
    throw cause
  }
}

async function openParquetSource(
  bytes: ByteStream,
  peeked: Peeked,
  gzip: boolean,
  path: string | null,
  limits: FileLimits,
): Promise<RowSource> {
  if (path !== null && !gzip) {
    await bytes.destroy()
    const parts = await openParquet(path, limits)
    return createRowSource({ ...parts, gzip, bytesTotal: bytes.total })
  }
  const laidDown = await spool(peeked.all, limits.spoolBytes)
  try {
    const parts = await openParquet(laidDown.path, limits)
    const share = (): number => parts.bytesRead() / Math.max(1, laidDown.bytes)
    return createRowSource({
      ...parts,
      gzip,
      bytesTotal: bytes.total,
      bytesRead: () => Math.round(share() * bytes.read()),
      destroy: async () => {
        await parts.destroy()
        await laidDown.remove()
      },
    })
  } catch (cause) {
    await laidDown.remove()
    throw cause
  }
}
