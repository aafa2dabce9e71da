// Tests of reading lines of text from a stream.
import { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { isReject } from './input-row.ts'
import { readLines } from './read-lines.ts'

async function readAll(...parts: (string | Uint8Array)[]): Promise<string[]> {
  const stream = Readable.from(parts.map((part) => Buffer.from(part)))
  const lines: string[] = []
  for await (const chunk of readLines(stream)) {
    for (const item of chunk) lines.push(`${item.line}:${isReject(item) ? item.code : item.text}`)
  }
  return lines
}

describe('readLines', () => {
  test('counts every line and leaves blank ones out', async () => {
    expect(await readAll('one\n\n  \ntwo\r\nthree')).toEqual(['1:one', '4:two', '5:three'])
  })

  test('puts lines and characters together that arrive in parts', async () => {
    const emoji = Buffer.from('😡')
    expect(await readAll('so ', 'an', 'gry ', emoji.subarray(0, 2), emoji.subarray(2), '\nnext')).toEqual([
      '1:so angry 😡',
      '2:next',
    ])
  })

  test('drops a byte order mark, and keeps bytes that are no UTF-8 as U+FFFD', async () => {
    expect(await readAll(Buffer.from([0xef, 0xbb, 0xbf, 0x61, 0xe9, 0x0a]))).toEqual(['1:a\ufffd'])
  })

  test('rejects a line that is too long, and goes on', async () => {
    const part = 'x'.repeat(600_000)
    expect(await readAll('a\n', part, part, part, '\nb\n')).toEqual(['1:a', '2:FIELD_TOO_LONG', '3:b'])
    expect(await readAll(part, part)).toEqual(['1:FIELD_TOO_LONG'])
  })

  test('gives nothing for nothing', async () => {
    expect(await readAll('')).toEqual([])
    expect(await readAll('\n')).toEqual([])
  })
})
