// Lines of plain text from a stream, one post a line, as soon as they arrive.
import type { Readable } from 'node:stream'
import { DEFAULT_LIMITS } from '@renown/files'
import { CHUNK_ROWS, type InputItem } from './input-row.ts'

/**
 * Blank lines are left out. A line that is too long is rejected without being held. Bytes that aren't UTF-8 become
 * U+FFFD.
 */
export async function* readLines(stream: Readable): AsyncGenerator<readonly InputItem[]> {
  const decoder = new TextDecoder()
  const splitter = createLineSplitter()
  for await (const bytes of stream) {
    yield* cutChunks(splitter.push(decoder.decode(bytes as Uint8Array, { stream: true })))
  }
  yield* cutChunks([...splitter.push(decoder.decode()), ...splitter.end()])
}

interface LineSplitter {
  push(text: string): InputItem[]
  end(): InputItem[]
}

function createLineSplitter(): LineSplitter {
  let rest = ''
  let tooLong = false
  let line = 0
  const finish = (text: string): InputItem[] => {
    line++
    const whole = rest + text
    const isLong = tooLong || whole.length > DEFAULT_LIMITS.fieldBytes
    rest = ''
    tooLong = false
    if (isLong) return [{ file: null, line, code: 'FIELD_TOO_LONG', reason: longReason() }]
    const post = whole.endsWith('\r') ? whole.slice(0, -1) : whole
    return post.trim() === '' ? [] : [{ file: null, line, text: post, date: null, values: { text: post } }]
  }
  return {
    push(text) {
      const parts = text.split('\n')
      const last = parts.pop() ?? ''
      const items = parts.flatMap(finish)
      rest += tooLong ? '' : last
      if (rest.length > DEFAULT_LIMITS.fieldBytes) {
        tooLong = true
        rest = ''
      }
      return items
    },
    end: () => (rest === '' && !tooLong ? [] : finish('')),
  }
}

function longReason(): string {
  return `expected a line of at most ${DEFAULT_LIMITS.fieldBytes} characters, got a longer one`
}

function* cutChunks(items: readonly InputItem[]): Generator<readonly InputItem[]> {
  for (let start = 0; start < items.length; start += CHUNK_ROWS) yield items.slice(start, start + CHUNK_ROWS)
}
