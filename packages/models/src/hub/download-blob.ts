// One file of the Hub into the cache: goes on where it was cut, and is checked before it gets its name.
import { type FileHandle, open } from 'node:fs/promises'
import { ModelsError } from '../errors.ts'
import { onCache } from './cache-errors.ts'
import { type ContentHash, createContentHash } from './content-hash.ts'
import type { HubAnswer, HubRequest } from './exchange.ts'
import type { HubClient } from './hub-client.ts'
import { blobName, type RepositoryFile } from './list-files.ts'
import { claimPartial, publishPartial, releasePartial } from './partial-file.ts'
import { requestHub } from './request-hub.ts'
import { RetryableError } from './retry.ts'

/** Failures are counted anew once this much has arrived since the last. */
const PROGRESS_BYTES = 1 << 20
const READ_BYTES = 1 << 20
const FLUSH_BYTES = 1 << 25
/** More is not held in memory while the disk is slower than the network. */
const MOST_GATHERED_BYTES = 4 << 20

export interface BlobSource {
  /** Path of the content below the endpoint. */
  readonly url: string
  readonly file: RepositoryFile
  /** Such as `config.json of the model owner/name`. */
  readonly what: string
  readonly page: string
}

export interface BlobOptions {
  readonly signal?: AbortSignal
  /** Bytes of this file that are on the disk now; fewer than before where it had to begin again. */
  readonly onBytes?: (bytes: number) => void
}

interface Writing {
  readonly handle: FileHandle
  readonly source: BlobSource
  readonly options: BlobOptions
  /** How much is in the hash, and on the disk once `writes` has ended. */
  bytes: number
  gathered: Uint8Array[]
  gatheredBytes: number
  isWriting: boolean
  writes: Promise<void>
  flush: Flush
  hash: ContentHash
}

/** The disk is put to work while more arrives, instead of at the end for all of it. */
interface Flush {
  /** What was on its way to the disk when the last flush began. */
  begunAt: number
  isRunning: boolean
  ended: Promise<void>
}

/**
 * Throws HUB_CHECKSUM where the content has another hash twice, HUB_RESPONSE_INVALID, DISK_FULL, HUB_CACHE_UNUSABLE, and
 * what `requestHub` throws. What has arrived stays for the next try.
 */
export async function downloadBlob(
  client: HubClient,
  source: BlobSource,
  blob: string,
  options: BlobOptions,
): Promise<void> {
  const partial = await onCache(blob, () => claimPartial(blob, client.now()))
  const handle = await onCache(partial, () => open(partial, 'a+').then(reopen(partial)))
  try {
    const writing: Writing = {
      handle,
      source,
      options,
      bytes: 0,
      gathered: [],
      gatheredBytes: 0,
      isWriting: false,
      writes: Promise.resolve(),
      flush: { begunAt: 0, isRunning: false, ended: Promise.resolve() },
      hash: createContentHash(source.file),
    }
    await onCache(partial, () => readWhatIsThere(writing))
    await fill(client, writing)
    await onCache(partial, async () => {
      await writing.flush.ended
      await handle.sync()
    })
  } catch (error) {
    await handle.close()
    await releasePartial(partial, blob).catch(() => {})
    throw error
  }
  await handle.close()
  await onCache(blob, () => publishPartial(partial, blob))
}

/** `a+` makes the file where there is none; writing at a position needs `r+`. */
function reopen(partial: string): (created: FileHandle) => Promise<FileHandle> {
  return async (created) => {
    await created.close()
    return await open(partial, 'r+')
  }
}

/** Once from where it stands, and once more from the start if that is not the file. */
async function fill(client: HubClient, writing: Writing): Promise<void> {
  const { source } = writing
  for (const isLast of [false, true]) {
    if (writing.bytes < source.file.size) await receive(client, writing)
    if (writing.hash.matches()) return
    await beginAgain(writing)
    if (!isLast) client.notify(`${source.what} is not what the Hub says it is: fetching it once more`)
  }
  throw new ModelsError(
    'HUB_CHECKSUM',
    `${source.what} has another hash than the Hub names, twice: expected ${blobName(source.file)}`,
  )
}

async function receive(client: HubClient, writing: Writing): Promise<void> {
  const { source, options } = writing
  let countedFrom = writing.bytes
  await requestHub(
    client,
    () => toRequest(writing),
    (answer) => take(writing, answer),
    {
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      accept: [416],
      hasProgressed: () => {
        const isFurther = writing.bytes - countedFrom >= PROGRESS_BYTES
        if (isFurther) countedFrom = writing.bytes
        return isFurther
      },
    },
  )
  if (writing.bytes !== source.file.size) throw new Error('a download ended early and was not noticed')
}

function toRequest({ source, bytes }: Writing): HubRequest {
  const range: Readonly<Record<string, string>> =
    bytes === 0 ? {} : { range: `bytes=${bytes}-`, 'if-range': `"${blobName(source.file)}"` }
  return { ...source, isLong: true, headers: { 'accept-encoding': 'identity', ...range } }
}

async function take(writing: Writing, answer: HubAnswer): Promise<void> {
  const { size } = writing.source.file
  const { status } = answer.response
  const continues = isContinuation(writing, answer)
  if (!continues && writing.bytes > 0 && status !== 200) {
    await beginAgain(writing)
    throw new RetryableError('HUB_RESPONSE_INVALID', `the server has no such part of ${writing.source.what}`)
  }
  checkAnswer(writing.source, continues ? writing.bytes : 0, answer)
  if (!continues) await beginAgain(writing)
  try {
    for await (const chunk of answer.chunks()) {
      if (writing.bytes + chunk.byteLength > size) {
        throw new ModelsError(
          'HUB_RESPONSE_INVALID',
          `${writing.source.what} is longer than the Hub says: ${size} bytes`,
        )
      }
      await append(writing, chunk)
    }
  } finally {
    await writing.writes
  }
  if (writing.bytes < size) {
    const got = `got ${writing.bytes} of ${size} bytes`
    throw new RetryableError('HUB_RESPONSE_INVALID', `${writing.source.what} ends early: ${got}`)
  }
}

/** True where the answer starts at the very byte that is missing, of the very file. */
function isContinuation(writing: Writing, { response, first }: HubAnswer): boolean {
  if (writing.bytes === 0) return response.status === 200
  if (response.status !== 206) return false
  const [, start, , total] = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(response.headers.get('content-range') ?? '') ?? []
  if (Number(start) !== writing.bytes || Number(total) !== writing.source.file.size) return false
  const tag = first.get('x-linked-etag') ?? (first === response.headers ? first.get('etag') : null)
  return tag === null || tag.replace(/^W\//, '').replaceAll('"', '') === blobName(writing.source.file)
}

/** A page of a proxy or a login is told before what has arrived is given up for it. */
function checkAnswer({ file, what }: BlobSource, start: number, { response }: HubAnswer): void {
  const { headers, status } = response
  const length = headers.get('content-length')
  const type = headers.get('content-type') ?? 'something without a type'
  const isPage = type.startsWith('text/html') && !/\.html?$/.test(file.path)
  const isRight = length === null || headers.has('content-encoding') || Number(length) === file.size - start
  if (isRight && !isPage && status === (start === 0 ? 200 : 206)) return
  throw new ModelsError(
    'HUB_RESPONSE_INVALID',
    `${what}: expected ${file.size - start} bytes, the server sends ${length ?? 'a number'} of ${type} (${status})`,
  )
}

/** While the disk takes some pieces, the next are hashed and gathered. */
async function append(writing: Writing, chunk: Uint8Array): Promise<void> {
  writing.hash.update(chunk)
  writing.gathered.push(chunk)
  writing.gatheredBytes += chunk.byteLength
  writing.bytes += chunk.byteLength
  if (!writing.isWriting) {
    writing.writes = writeGathered(writing)
    // Whoever waits for it next gets the error.
    writing.writes.catch(() => {})
  }
  if (writing.gatheredBytes >= MOST_GATHERED_BYTES) await writing.writes
}

/** After an error it is never asked again: that goes to whoever waits for the writes. */
async function writeGathered(writing: Writing): Promise<void> {
  writing.isWriting = true
  while (writing.gathered.length > 0) {
    const { gathered, gatheredBytes, bytes } = writing
    writing.gathered = []
    writing.gatheredBytes = 0
    await writeAt(writing, gathered, bytes - gatheredBytes)
  }
  writing.isWriting = false
}

async function writeAt(writing: Writing, pieces: readonly Uint8Array[], start: number): Promise<void> {
  const { handle, source, options } = writing
  let position = start
  await onCache(source.file.path, async () => {
    for (let left = pieces; left.length > 0; ) {
      const { bytesWritten } = await handle.writev(left, position)
      position += bytesWritten
      left = dropBytes(left, bytesWritten)
    }
  })
  flushNow(handle, writing.flush, position)
  options.onBytes?.(position)
}

/** An error is told once, so it is kept for the end. */
function flushNow(handle: FileHandle, flush: Flush, position: number): void {
  if (flush.isRunning || position - flush.begunAt < FLUSH_BYTES) return
  flush.begunAt = position
  flush.isRunning = true
  const before = flush.ended
  flush.ended = handle.datasync().then(async () => {
    flush.isRunning = false
    await before
  })
  flush.ended.catch(() => {})
}

/** What is left of the pieces without so many bytes of them. */
function dropBytes(pieces: readonly Uint8Array[], count: number): readonly Uint8Array[] {
  let skipped = 0
  const first = pieces.findIndex((piece) => {
    skipped += piece.byteLength
    return skipped > count
  })
  if (first < 0) return []
  const piece = pieces[first] as Uint8Array
  return [piece.subarray(piece.byteLength - (skipped - count)), ...pieces.slice(first + 1)]
}

async function beginAgain(writing: Writing): Promise<void> {
  await onCache(writing.source.file.path, () => writing.handle.truncate(0))
  writing.bytes = 0
  writing.gathered = []
  writing.gatheredBytes = 0
  writing.flush.begunAt = 0
  writing.hash = createContentHash(writing.source.file)
  writing.options.onBytes?.(0)
}

/** What an earlier try left goes through the hash as well. */
async function readWhatIsThere(writing: Writing): Promise<void> {
  const { size } = await writing.handle.stat()
  if (size > writing.source.file.size) return await beginAgain(writing)
  const buffer = Buffer.allocUnsafe(Math.max(1, Math.min(READ_BYTES, size)))
  while (writing.bytes < size) {
    const { bytesRead } = await writing.handle.read(buffer, 0, buffer.byteLength, writing.bytes)
    if (bytesRead === 0) break
    writing.hash.update(buffer.subarray(0, bytesRead))
    writing.bytes += bytesRead
  }
  writing.options.onBytes?.(writing.bytes)
}
