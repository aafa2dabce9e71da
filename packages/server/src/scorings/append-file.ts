// A file that only grows, written in large pieces; its length is known without asking the disk.
import { type FileHandle, open } from 'node:fs/promises'

export interface AppendFile {
  /** Bytes that are written. */
  readonly length: () => number
  append(bytes: Uint8Array): Promise<void>
  close(): Promise<void>
}

export async function openAppendFile(path: string): Promise<AppendFile> {
  const file = await open(path, 'wx', 0o600)
  let length = 0
  return {
    length: () => length,
    async append(bytes) {
      await writeAll(file, bytes)
      length += bytes.length
    },
    close: async () => await file.close(),
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  let done = 0
  while (done < bytes.length) done += (await file.write(bytes, done)).bytesWritten
}

const BLOCK = 1 << 18
const NEWLINE = 0x0a

/** The lines of the first `length` bytes. Only line feeds end a line: JSON strings may hold U+2028. */
export async function* readLines(path: string, length: number): AsyncGenerator<string> {
  const file = await open(path, 'r')
  try {
    let rest: Uint8Array[] = []
    for (let at = 0; at < length; at += BLOCK) {
      const block = await readExactly(file, at, Math.min(BLOCK, length - at))
      let start = 0
      for (let end = block.indexOf(NEWLINE); end >= 0; end = block.indexOf(NEWLINE, start)) {
        yield Buffer.concat([...rest, block.subarray(start, end)]).toString('utf8')
        rest = []
        start = end + 1
      }
      if (start < block.length) rest.push(block.subarray(start))
    }
  } finally {
    await file.close()
  }
}

export async function readExactly(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length)
  let done = 0
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, position + done)
    if (bytesRead === 0) throw new Error(`expected ${length} bytes at ${position}, got ${done}`)
    done += bytesRead
  }
  return bytes
}
