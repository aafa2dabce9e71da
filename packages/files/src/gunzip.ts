// Gzip, expanded as it is read, and stopped where a small file becomes an enormous one.
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { CHUNK_BYTES, destroyStream } from './byte-stream.ts'
import { FilesError } from './errors.ts'
import type { FileLimits } from './limits.ts'

export function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b && head[2] === 0x08
}

/** Members that follow each other are one text, as in gzip itself. */
export async function* expandGzip(
  compressed: AsyncIterable<Uint8Array>,
  limits: FileLimits,
): AsyncGenerator<Uint8Array> {
  const source = Readable.from(compressed, { objectMode: false, highWaterMark: CHUNK_BYTES })
  // An error of either stream ends the other, and comes out of the loop below.
  const gunzip = pipeline(source, createGunzip({ chunkSize: CHUNK_BYTES }), () => {})
  let expanded = 0
  try {
    for await (const chunk of gunzip as AsyncIterable<Uint8Array>) {
      expanded += chunk.length
      refuseExplosion(expanded, gunzip.bytesWritten, limits)
      yield chunk
    }
  } catch (cause) {
    throw toGzipError(cause)
  } finally {
    await destroyStream(gunzip)
  }
}

function refuseExplosion(expanded: number, compressed: number, limits: FileLimits): void {
  const ratio = expanded / Math.max(1, compressed)
  if (expanded > limits.gzipRatioFrom && ratio > limits.gzipRatio) {
    const got = `${compressed} bytes became ${expanded}`
    throw new FilesError('GZIP_EXPANSION', `Expected gzip to expand at most ${limits.gzipRatio} times; ${got}.`)
  }
  if (expanded > limits.expandedBytes) {
    throw new FilesError('GZIP_EXPANSION', `Expected at most ${limits.expandedBytes} bytes inside the gzip file.`)
  }
}

function toGzipError(cause: unknown): unknown {
  const code = cause instanceof Error && 'code' in cause ? cause.code : null
  if (code === 'Z_BUF_ERROR') {
    return new FilesError('GZIP_TRUNCATED', 'The gzip file is cut off: its end is missing.', { cause })
  }
  if (typeof code === 'string' && code.startsWith('Z_')) {
    return new FilesError('GZIP_INVALID', `The gzip file is damaged (${code}).`, { cause })
  }
  return cause
}
