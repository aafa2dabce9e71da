// A temporary file for what must be read from its end but comes as a stream.
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { FilesError } from './errors.ts'

export interface Spool {
  readonly path: string
  readonly bytes: number
  remove(): Promise<void>
}

/** The folder is the user's alone (0700); nothing is left behind when writing fails. */
export async function spool(chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Spool> {
  const folder = await mkdtemp(join(tmpdir(), 'renown-rows-'))
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true })
  try {
    const path = join(folder, 'rows')
    await pipeline(limitBytes(chunks, maxBytes), createWriteStream(path, { mode: 0o600 }))
    return { path, bytes: (await stat(path)).size, remove }
  } catch (cause) {
    await remove()
    throw cause
  }
}

async function* limitBytes(chunks: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Uint8Array> {
  let written = 0
  for await (const chunk of chunks) {
    written += chunk.length
    if (written > maxBytes) {
      throw new FilesError('SPOOL_TOO_LARGE', `Expected at most ${maxBytes} bytes to unpack before reading.`)
    }
    yield chunk
  }
}
