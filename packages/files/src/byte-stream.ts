// Bytes of a file or a stream as chunks: counted, looked at without being used up, released when done.
import { createReadStream } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { stat } from 'node:fs/promises'
import { finished, Readable } from 'node:stream'
import { FilesError } from './errors.ts'

export const CHUNK_BYTES: number = 256 * 1024

export interface ByteStream {
  readonly chunks: AsyncIterable<Uint8Array>
  /** Size where it is known. */
  readonly total: number | null
  read(): number
  /** Breaks off a read that is under way, with the reason, and releases the file. */
  destroy(reason?: Error): Promise<void>
}

export async function openFileBytes(path: string): Promise<ByteStream> {
  const info = await fileInfo(path)
  return countBytes(createReadStream(path, { highWaterMark: CHUNK_BYTES }), info.size, (cause) =>
    toFileError(cause, path),
  )
}

/** The size of a file that can be read; FILE_NOT_FOUND or FILE_UNREADABLE where it can't be. */
export async function fileInfo(path: string): Promise<{ readonly size: number }> {
  try {
    const info = await stat(path)
    if (info.isFile()) return { size: info.size }
  } catch (cause) {
    throw toFileError(cause, path)
  }
  throw new FilesError('FILE_UNREADABLE', `Expected a file, got something else: ${path}`)
}

export function toFileError(cause: unknown, path: string): unknown {
  const code = cause instanceof Error && 'code' in cause ? cause.code : null
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new FilesError('FILE_NOT_FOUND', `There is no file ${path}`, { cause })
  }
  if (typeof code !== 'string') return cause
  return new FilesError('FILE_UNREADABLE', `Can't read ${path}: ${code}`, { cause })
}

export function openStreamBytes(stream: AsyncIterable<Uint8Array>): ByteStream {
  return stream instanceof Readable ? countBytes(stream, null, (cause) => cause) : countIterable(stream)
}

/** An iterable can't be destroyed, and may never answer: a read that waits for it is given up instead. */
function countIterable(iterable: AsyncIterable<Uint8Array>): ByteStream {
  const iterator = iterable[Symbol.asyncIterator]()
  let read = 0
  let stopped: Error | null = null
  let giveUp: (reason: Error) => void = () => {}

  function next(): Promise<IteratorResult<Uint8Array>> {
    if (stopped !== null) return Promise.reject(stopped)
    return new Promise((resolve, reject) => {
      giveUp = reject
      iterator.next().then(resolve, reject)
    })
  }

  function leave(): void {
    Promise.resolve(iterator.return?.()).catch(() => {})
  }

  async function* chunks(): AsyncGenerator<Uint8Array> {
    try {
      for (let step = await next(); step.done !== true; step = await next()) {
        read += step.value.length
        yield step.value
      }
    } finally {
      leave()
    }
  }

  return {
    chunks: chunks(),
    total: null,
    read: () => read,
    destroy: async (reason = new Error('The stream was closed.')) => {
      stopped ??= reason
      giveUp(reason)
      leave()
    },
  }
}

function countBytes(stream: Readable, total: number | null, toError: (cause: unknown) => unknown): ByteStream {
  let read = 0
  async function* chunks(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of stream) {
        const bytes: Uint8Array = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
        read += bytes.length
        yield bytes
      }
    } catch (cause) {
      throw toError(cause)
    }
  }
  return {
    chunks: chunks(),
    total,
    read: () => read,
    destroy: (reason) => destroyStream(stream, reason),
  }
}

/** Resolves when the stream is closed, so that nothing stays open behind the caller's back. */
export function destroyStream(stream: Readable, reason?: Error): Promise<void> {
  if (stream.closed) return Promise.resolve()
  return new Promise((resolve) => {
    finished(stream, () => resolve())
    stream.once('close', resolve)
    stream.destroy(reason)
  })
}

export interface Peeked {
  /** The first bytes: at least as many as were asked for, unless there are no more. */
  readonly head: Uint8Array
  /** True where the first bytes are all of them. */
  readonly ended: boolean
  /** All bytes, the first ones too. */
  readonly all: AsyncGenerator<Uint8Array>
}

export async function peek(chunks: AsyncIterable<Uint8Array>, bytes: number): Promise<Peeked> {
  const iterator = chunks[Symbol.asyncIterator]()
  const taken: Uint8Array[] = []
  let length = 0
  let ended = false
  while (length < bytes && !ended) {
    const next = await iterator.next()
    ended = next.done === true
    if (next.done !== true) {
      taken.push(next.value)
      length += next.value.length
    }
  }
  const head = taken.length === 1 ? taken[0]! : Buffer.concat(taken)
  async function* all(): AsyncGenerator<Uint8Array> {
    try {
      yield* taken
      for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value
    } finally {
      await iterator.return?.()
    }
  }
  return { head, ended, all: all() }
}

/** Exactly the bytes from `start` to `end` of a file; an error where it has fewer. */
export async function readRange(file: FileHandle, start: number, end: number): Promise<ArrayBuffer> {
  const bytes = new Uint8Array(end - start)
  let filled = 0
  while (filled < bytes.length) {
    const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, start + filled)
    if (bytesRead === 0) throw new RangeError(`Expected ${end - start} bytes at ${start}, got ${filled}.`)
    filled += bytesRead
  }
  return bytes.buffer
}
