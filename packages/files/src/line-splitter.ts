// UTF-8 text to lines, chunk by chunk; a line over the limit is passed over without being held.
import { isUtf8 } from 'node:buffer'

const NEWLINE = 0x0a
const RETURN = 0x0d

export interface LineHandler {
  line(text: string, line: number, valid: boolean): void
  tooLong(line: number): void
}

export interface LineSplitter {
  push(chunk: Uint8Array): void
  end(): void
}

export function createLineSplitter(maxBytes: number, handler: LineHandler): LineSplitter {
  let rest: Buffer[] = []
  let restBytes = 0
  let line = 1

  /** `bytes` ends the line. Where the line is over the limit, what came before it was let go already. */
  function finish(bytes: Buffer): void {
    if (restBytes + bytes.length > maxBytes) handler.tooLong(line)
    else {
      const whole = rest.length === 0 ? bytes : Buffer.concat([...rest, bytes])
      const end = whole.at(-1) === RETURN ? whole.length - 1 : whole.length
      const text = whole.toString('utf8', 0, end)
      handler.line(text, line, !text.includes('\ufffd') || isUtf8(whole))
    }
    rest = []
    restBytes = 0
    line++
  }

  return {
    push(chunk) {
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
      let start = 0
      for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
        finish(bytes.subarray(start, end))
        start = end + 1
      }
      if (start === bytes.length) return
      restBytes += bytes.length - start
      if (restBytes > maxBytes) rest = []
      else rest.push(bytes.subarray(start))
    },
    end() {
      if (restBytes > 0) finish(Buffer.alloc(0))
    },
  }
}
