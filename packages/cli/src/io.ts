// The process as the commands see it.
import type { Readable, Writable } from 'node:stream'
import { EXIT_OK } from './exit-codes.ts'

export interface Io {
  readonly stdin: Readable & { readonly isTTY?: boolean }
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number }
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number }
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Writes a line of information where it doesn't mix with results. */
export function note(io: Io, text: string): void {
  io.stderr.write(`${text}\n`)
}

/** Writes and waits until the stream can take more. */
export async function writeAll(stream: Writable, text: string): Promise<void> {
  if (stream.write(text)) return
  await new Promise<void>((resolve, reject) => {
    const settle = (error?: Error): void => {
      stream.off('drain', settle).off('error', settle).off('close', settle)
      if (error instanceof Error) reject(error)
      else resolve()
    }
    stream.once('drain', settle).once('error', settle).once('close', settle)
  })
}

/** For `--json`. Returns the exit code of success. */
export async function printJson(io: Io, value: unknown): Promise<number> {
  await writeAll(io.stdout, `${JSON.stringify(value, null, 2)}\n`)
  return EXIT_OK
}
