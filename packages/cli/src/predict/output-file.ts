// The file that results go to: written under another name, and renamed when it is whole.
import { createWriteStream } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { CliError } from '../errors.ts'

export interface OutputFile {
  readonly stream: Writable
  /** Where the rows are until `finish`. */
  readonly partial: string
  /** Waits until everything is on disk, and gives the file its name. */
  finish(): Promise<void>
  /** Waits until what was written is on disk, and leaves it under its partial name. False: nothing was, or no longer is. */
  abandon(): Promise<boolean>
}

/** Throws OUTPUT_FAILED where the file can't be made. */
export async function openOutputFile(path: string): Promise<OutputFile> {
  const partial = `${path}.partial`
  const isFolder = await stat(path).then(
    (info) => info.isDirectory(),
    () => false,
  )
  if (isFolder) throw new CliError('OUTPUT_FAILED', `"${path}" is a folder: expected the name of a file`)
  const stream = createWriteStream(partial)
  const done = finished(stream)
  done.catch(() => {})
  await new Promise<void>((resolve, reject) => {
    stream.once('open', () => resolve())
    stream.once('error', (cause) => reject(failOutput(path, cause)))
  })
  const end = async (): Promise<void> => {
    stream.end()
    await done.catch((cause: Error) => {
      throw failOutput(path, cause)
    })
  }
  return {
    stream,
    partial,
    async finish() {
      await end()
      await rename(partial, path)
    },
    async abandon() {
      const isWhole = await end().then(
        () => stream.bytesWritten > 0,
        () => false,
      )
      // A row that is cut in the middle helps nobody, and a full disk needs the room.
      if (!isWhole) await rm(partial, { force: true })
      return isWhole
    },
  }
}

/** What a failed write is called; any other error passes. */
export function explainWrite(path: string, error: unknown): unknown {
  return (error as NodeJS.ErrnoException).syscall === 'write' ? failOutput(path, error as Error) : error
}

function failOutput(path: string, cause: Error): CliError {
  const { code } = cause as NodeJS.ErrnoException
  const reason = code === 'ENOSPC' ? 'the disk is full' : cause.message
  return new CliError('OUTPUT_FAILED', `"${path}" can't be written: ${reason}`, { cause })
}
