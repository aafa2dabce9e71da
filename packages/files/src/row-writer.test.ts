// Writing: what comes back is what went in, formulas are made harmless, slow readers are waited for.
import { createReadStream, createWriteStream } from 'node:fs'
import { PassThrough, Writable } from 'node:stream'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { csvRecord } from './csv-cell.ts'
import { openRowsFromStream } from './open-rows.ts'
import type { WriteFormat, WriterOptions } from './row-writer.ts'
import { createRowWriter } from './row-writer.ts'
import { createTestFolder, readContent, readEverything, valuesOf } from './test-files.ts'

const folder = createTestFolder()
afterAll(() => folder.remove())

type Row = Record<string, unknown>

async function written(rows: Row[], format: WriteFormat, columns?: string[], options?: WriterOptions): Promise<string> {
  const out = new PassThrough()
  const pieces: Buffer[] = []
  out.on('data', (piece: Buffer) => pieces.push(piece))
  const writer = createRowWriter(out, format, columns, options)
  for (const row of rows) await writer.write(row)
  await writer.end()
  return Buffer.concat(pieces).toString()
}

describe('CSV', () => {
  test('follows RFC 4180', async () => {
    const rows = [
      { id: 1, text: 'a "b", c\nd', at: new Date(0), none: null, tags: ['x'], big: 12n },
      { id: 2, text: 'plain', at: undefined, none: '', tags: {}, big: 0.5 },
    ]
    expect(await written(rows, 'csv')).toBe(
      'id,text,at,none,tags,big\r\n1,"a ""b"", c\nd",1970-01-01T00:00:00.000Z,,"[""x""]",12\r\n2,plain,,,{},0.5\r\n',
    )
  })

  test('columns choose and order; a file without rows has its header', async () => {
    expect(await written([{ b: 1, a: 2, c: 3 }], 'csv', ['a', 'b', 'z'])).toBe('a,b,z\r\n2,1,\r\n')
    expect(await written([], 'csv', ['a', 'b'])).toBe('a,b\r\n')
  })

  test('what a spreadsheet would run gets an apostrophe; negative numbers do not', async () => {
    const cells = ['=1+1', '+cmd', '-2+3', '@SUM(A1)', '\tx', '\rx', '＝1', '-5.2', '+7', -3, 'a=b', "'=1"]
    const safe = await written(
      cells.map((x) => ({ x })),
      'csv',
    )
    expect((parse(safe) as string[][]).flat()).toEqual([
      'x',
      "'=1+1",
      "'+cmd",
      "'-2+3",
      "'@SUM(A1)",
      "'\tx",
      "'\rx",
      "'＝1",
      '-5.2',
      '+7',
      '-3',
      'a=b',
      "'=1",
    ])
    expect(await written([{ '=x': '=1' }], 'csv')).toBe("'=x\r\n'=1\r\n")
    expect(await written([{ x: '=1' }], 'csv', ['x'], { neutralizeFormulas: false })).toBe('x\r\n=1\r\n')
  })

  test('whatever the cells, reading gives them back, here and in csv-parse', async () => {
    const cell = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.string({ maxLength: 8, unit: fc.constantFrom(...'",\r\n \t;\'=a') }),
    )
    const table = fc
      .integer({ min: 1, max: 4 })
      .chain((width) =>
        fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 6 }),
      )
    await fc.assert(
      fc.asyncProperty(table, async (records) => {
        const columns = records[0]!.map((_, index) => `c${index}`)
        const rows = records.map((cells) => Object.fromEntries(cells.map((value, index) => [columns[index]!, value])))
        const text = await written(rows, 'csv', columns, { neutralizeFormulas: false })
        expect(parse(text, { columns: true, skip_empty_lines: false })).toEqual(rows)
        const read = await readContent(text, { format: 'csv', header: true, delimiter: ',', encoding: 'utf-8' }, 7)
        expect(valuesOf(read)).toEqual(rows)
      }),
      { numRuns: 300, seed: 11 },
    )
  })

  test('a lone empty cell is a record, not a blank line', () => {
    expect(csvRecord([''], true)).toBe('""\r\n')
    expect(csvRecord(['', ''], true)).toBe(',\r\n')
  })
})

describe('JSON Lines', () => {
  test('whatever the rows, reading gives them back', async () => {
    const rows = [
      { text: 'a\n"b" \u2028 😀 =1', n: 1.5, none: null, tags: ['x', { y: 1 }] },
      { text: '', other: true },
    ]
    const text = await written(rows, 'jsonl')
    expect(text.split('\n')).toHaveLength(3)
    expect(valuesOf(await readContent(text))).toEqual(rows)
  })

  test('large integers, dates and bytes do not break it', async () => {
    const rows = [{ a: 2n ** 70n, b: new Date(0), c: Buffer.from('x'), d: 1 }]
    expect(await written(rows, 'jsonl', ['a', 'b', 'c'])).toBe(
      '{"a":"1180591620717411303424","b":"1970-01-01T00:00:00.000Z","c":null}\n',
    )
  })
})

describe('pace', () => {
  test('no waiting while there is room, and a promise when there is none', async () => {
    let release: () => void = () => {}
    let held = 0
    const slow = new Writable({
      highWaterMark: 1000,
      write(piece: Buffer, _encoding, done) {
        held += piece.length
        release = done
      },
    })
    const writer = createRowWriter(slow, 'jsonl')
    expect(writer.write({ text: 'short' })).toBeUndefined()
    const waiting = writer.write({ text: 'x'.repeat(100_000) })
    expect(waiting).toBeInstanceOf(Promise)
    let moved = false
    const done = waiting?.then(() => {
      moved = true
    })
    await new Promise((resolve) => setImmediate(resolve))
    expect(moved).toBe(false)
    release()
    await done
    expect(held).toBeGreaterThan(100_000)
  })

  test('a hundred thousand rows through a file, all there and in order', async () => {
    const path = folder.write('out.csv', '')
    const writer = createRowWriter(createWriteStream(path), 'csv', ['n', 'text'])
    for (let n = 0; n < 100_000; n++) {
      const full = writer.write({ n, text: `post, number ${n}` })
      if (full !== undefined) await full
    }
    await writer.end()
    const { rows } = await readEverything(await openRowsFromStream(createReadStream(path), { name: 'out.csv' }))
    expect(rows).toHaveLength(100_000)
    expect(rows.every(({ values }, n) => values.n === String(n) && values.text === `post, number ${n}`)).toBe(true)
  })

  test('an error of the stream comes out of write or end, and nothing hangs', async () => {
    const failing = (): Writable =>
      new Writable({ highWaterMark: 10, write: (_piece, _encoding, done) => done(new Error('disk full')) })
    const first = createRowWriter(failing(), 'jsonl')
    await expect(first.write({ text: 'x'.repeat(100_000) })).rejects.toThrow('disk full')
    const second = createRowWriter(failing(), 'jsonl')
    expect(second.write({ text: 'short' })).toBeUndefined()
    await expect(second.end()).rejects.toThrow('disk full')
    const closed = new PassThrough({ highWaterMark: 10 })
    const third = createRowWriter(closed, 'jsonl')
    const waiting = third.write({ text: 'x'.repeat(100_000) })
    closed.destroy()
    await expect(waiting).rejects.toThrow('closed')
  })
})
