// Opening: what the file is, gzip, errors of the whole file, stopping early, leaving nothing open.
import { mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { FilesError } from './errors.ts'
import { openRows, openRowsFromStream } from './open-rows.ts'
import { chunksOf, createTestFolder, fixture, readContent, readFile, valuesOf } from './test-files.ts'

const folder = createTestFolder()
afterAll(() => folder.remove())

const CSV = 'id,text\n1,good\n2,bad\n'

describe('content first, name second', () => {
  test('a JSON file called .csv is JSON, and Parquet called .json is Parquet', async () => {
    expect((await readFile(folder.write('a.csv', '[{"text":"x"}]'))).source.format).toBe('json')
    expect((await readFile(fixture('posts.snappy.parquet'), { name: 'x.json' })).source.format).toBe('parquet')
  })

  test('what the caller says counts most', async () => {
    const { rows } = await readContent('{"text":"x"}\nplain\n', { format: 'txt' })
    expect(rows).toHaveLength(2)
    await expect(readFile(folder.write('b.csv', CSV), { format: 'parquet' })).rejects.toMatchObject({
      code: 'PARQUET_INVALID',
    })
  })

  test.each([
    ['posts.csv', CSV],
    ['posts.tsv', CSV.replaceAll(',', '\t')],
    ['posts.jsonl', '{"id":"1","text":"good"}\n{"id":"2","text":"bad"}\n'],
    ['posts.json', '[{"id":"1","text":"good"},{"id":"2","text":"bad"}]'],
  ])('%s, gzipped too, from a file and from a stream', async (name, content) => {
    const expected = [
      { id: '1', text: 'good' },
      { id: '2', text: 'bad' },
    ]
    for (const bytes of [Buffer.from(content), gzipSync(content), Buffer.concat([gzipSync(content), gzipSync('')])]) {
      const file = await readFile(folder.write(name, bytes))
      expect(valuesOf(file)).toEqual(expected)
      expect(file.source.bytesRead()).toBe(bytes.length)
      expect(file.source.bytesTotal).toBe(bytes.length)
      expect(file.source.gzip).toBe(bytes[0] === 0x1f)
      const stream = await readContent(bytes, {}, 5)
      expect(valuesOf(stream)).toEqual(expected)
      expect(stream.source.bytesTotal).toBeNull()
    }
  })
})

describe('files that are none', () => {
  test.each([
    ['nothing', '', 'FILE_EMPTY'],
    ['space', ' \n\r\n\t', 'FILE_EMPTY'],
    ['a byte order mark', '\ufeff', 'FILE_EMPTY'],
    ['a workbook', 'PK\u0003\u0004rest', 'FORMAT_UNSUPPORTED'],
    ['a PDF', '%PDF-1.7', 'FORMAT_UNSUPPORTED'],
    ['gzip inside gzip', gzipSync(gzipSync(CSV)), 'FORMAT_UNSUPPORTED'],
    ['gzip of nothing', gzipSync(''), 'FILE_EMPTY'],
    ['noise', Buffer.from(Array.from({ length: 500 }, (_, i) => (i * 37) % 32)), 'FORMAT_UNKNOWN'],
  ])('%s: %s', async (_name, content, code) => {
    await expect(readContent(content)).rejects.toMatchObject({ name: 'FilesError', code })
    await expect(readFile(folder.write('x.csv', content))).rejects.toMatchObject({ name: 'FilesError', code })
  })

  test('a file that is not there, a folder, a broken link', async () => {
    mkdirSync(folder.write('f', '').replace(/f$/, 'dir'))
    symlinkSync('/nowhere/at/all', folder.write('g', '').replace(/g$/, 'link'))
    await expect(openRows(folder.write('h', '').replace(/h$/, 'missing'))).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
    })
    await expect(openRows(folder.write('h', '').replace(/h$/, 'link'))).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
    })
    await expect(openRows(folder.write('h', '').replace(/h$/, 'dir'))).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
    })
  })
})

describe('gzip that is damaged or hostile', () => {
  const many = Array.from({ length: 30_000 }, (_, i) => `${i},post number ${(i * 7919) % 30_011}`).join('\n')
  const packed = gzipSync(`id,text\n${many}\n`)

  test('cut off: the rows before the cut, then a code', async () => {
    const source = await openRows(folder.write('cut.csv.gz', packed.subarray(0, packed.length - 2000)))
    let rows = 0
    const reading = (async () => {
      for await (const batch of source.batches(1000)) rows += batch.length
    })()
    await expect(reading).rejects.toMatchObject({ code: 'GZIP_TRUNCATED' })
    expect(rows).toBeGreaterThan(1000)
  })

  test('damaged in the middle', async () => {
    const bytes = Buffer.from(packed)
    bytes.fill(0xff, 5000, 5100)
    await expect(readFile(folder.write('bad.csv.gz', bytes))).rejects.toMatchObject({ code: 'GZIP_INVALID' })
  })

  test('a bomb is stopped by its ratio, and by what it comes to', async () => {
    const bomb = gzipSync(Buffer.concat([Buffer.from('id,text\n1,'), Buffer.alloc(20_000_000, 'a')]))
    const ratio = { gzipRatioFrom: 1_000_000 }
    await expect(readContent(bomb, { limits: ratio })).rejects.toMatchObject({ code: 'GZIP_EXPANSION' })
    await expect(readContent(bomb, { limits: { expandedBytes: 1_000_000 } })).rejects.toMatchObject({
      code: 'GZIP_EXPANSION',
    })
    expect((await readContent(bomb)).rejected).toMatchObject([{ line: 2, code: 'FIELD_TOO_LONG' }])
  })

  test('ordinary text is no bomb', async () => {
    const { rows } = await readContent(packed, { limits: { gzipRatioFrom: 1000 } })
    expect(rows).toHaveLength(30_000)
  })
})

describe('reading', () => {
  test('the sample is there before reading, and comes again when reading', async () => {
    const text = `id,text\n${Array.from({ length: 250 }, (_, i) => `${i},post ${i}`).join('\n')}\n`
    const source = await openRows(folder.write('many.csv', text))
    expect(source.sample).toHaveLength(100)
    const sizes: number[] = []
    for await (const batch of source.batches(60)) sizes.push(batch.length)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(250)
    expect(Math.max(...sizes)).toBe(60)
  })

  test('once; a second time is an error', async () => {
    const { source } = await readFile(folder.write('once.csv', CSV))
    await expect(source.rows().next()).rejects.toMatchObject({ code: 'ALREADY_READ' })
  })

  test('rows without a text are rejected when the text column is named', async () => {
    const text = 'id,text\n1,good\n2,\n3,"  "\n'
    const { rows, rejected } = await readContent(text, { name: 'a.csv', textColumn: 'text' })
    expect(rows).toHaveLength(1)
    expect(rejected.map(({ line, code }) => [line, code])).toEqual([
      [3, 'TEXT_EMPTY'],
      [4, 'TEXT_EMPTY'],
    ])
    const json = await readContent('{"text":"a"}\n{"id":1}\n{"text":null}\n', { textColumn: 'text' })
    expect(json.rejected.map(({ line, code }) => [line, code])).toEqual([
      [2, 'TEXT_MISSING'],
      [3, 'TEXT_MISSING'],
    ])
  })

  test('a text column that is not there is an error that lists those that are', async () => {
    await expect(readContent(CSV, { name: 'a.csv', textColumn: 'tweet' })).rejects.toMatchObject({
      code: 'COLUMN_NOT_FOUND',
      message: expect.stringContaining('id, text'),
    })
  })

  test('an error of the stream comes out as it is', async () => {
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(`id,text\n${'1,x\n'.repeat(50_000)}`)
      throw new Error('the network went away')
    }
    const source = await openRowsFromStream(failing(), { name: 'a.csv' })
    await expect(source.batches(10).next()).resolves.toBeTruthy()
    const rest = (async () => {
      const again = await openRowsFromStream(failing(), { name: 'a.csv' })
      for await (const _ of again.batches(1000));
    })()
    await expect(rest).rejects.toThrow('the network went away')
    await source.close()
  })
})

describe('stopping', () => {
  const big = `id,text\n${'1,some text that goes on and on\n'.repeat(100_000)}`

  function openFiles(): string[] {
    return readdirSync('/proc/self/fd')
  }

  test.skipIf(process.platform !== 'linux')(
    'nothing stays open: read to the end, broken off, closed, aborted, failed',
    async () => {
      const plain = folder.write('big.csv', big)
      const zipped = folder.write('big.csv.gz', gzipSync(big))
      await readFile(plain)
      const before = openFiles().length
      for (const path of [plain, zipped, fixture('windows.parquet')]) {
        for await (const _ of (await openRows(path)).rows()) break
        await (await openRows(path)).close()
        const controller = new AbortController()
        const source = await openRows(path)
        const reading = (async () => {
          for await (const _ of source.batches(100, { signal: controller.signal })) controller.abort()
        })()
        await expect(reading).rejects.toThrow(/abort/i)
        await expect(readFile(path, { textColumn: 'nope' })).rejects.toBeInstanceOf(FilesError)
      }
      await expect(readFile(folder.write('x.csv', '%PDF'))).rejects.toBeInstanceOf(FilesError)
      expect(openFiles().length).toBe(before)
    },
  )

  test('a temporary file is gone when reading is over, and when it fails', async () => {
    const spools = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('renown-rows-'))
    const before = spools()
    const path = folder.write('a.parquet.gz', gzipSync('PAR1 and no more of it'))
    await expect(readFile(path)).rejects.toMatchObject({ code: 'PARQUET_INVALID' })
    expect(spools().filter((name) => !before.includes(name))).toEqual([])
  })

  test('an abort ends a read that waits for bytes that never come', async () => {
    const controller = new AbortController()
    async function* stalling(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(`id,text\n${'1,some text\n'.repeat(20_000)}`)
      await new Promise(() => {})
    }
    const source = await openRowsFromStream(stalling(), { name: 'a.csv' })
    let rows = 0
    const reading = (async () => {
      for await (const batch of source.batches(5000, { signal: controller.signal })) {
        rows += batch.length
        if (rows === 20_000) setImmediate(() => controller.abort(new Error('enough')))
      }
    })()
    await expect(reading).rejects.toThrow('enough')
  })

  test('aborted before it starts', async () => {
    const source = await openRows(folder.write('c.csv', CSV))
    await expect(source.rows({ signal: AbortSignal.abort(new Error('never mind')) }).next()).rejects.toThrow(
      'never mind',
    )
  })
})

test('no bytes whatever bring anything but rows or a FilesError', async () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 400 }),
    fc
      .string({ maxLength: 200, unit: fc.constantFrom(...'",;|\t\r\n{}[]:\\ab1é😀\0=@') })
      .map((text) => Buffer.from(text)),
  )
  const start = fc.constantFrom('', 'PAR1', '[{', '{"a":', '\ufeff', 'text\n', '"', 'a,b\n')
  await fc.assert(
    fc.asyncProperty(start, bytes, fc.integer({ min: 1, max: 300 }), async (head, tail, chunk) => {
      const content = Buffer.concat([Buffer.from(head), tail])
      try {
        const got = await readContent(content, { limits: { fieldBytes: 50, rowBytes: 120 } }, chunk)
        for (const { line } of [...got.rows, ...got.rejected]) expect(line).toBeGreaterThan(0)
      } catch (error) {
        if (!(error instanceof FilesError)) throw error
      }
    }),
    { numRuns: 1500, seed: 2024 },
  )
})

test('the chunks do not matter, whatever the text', async () => {
  const text = fc.string({ maxLength: 120, unit: fc.constantFrom(...'",\r\nab1 é') })
  const outcome = async (content: string, size: number): Promise<unknown> => {
    try {
      const source = await openRowsFromStream(chunksOf(content, size), { format: 'csv', encoding: 'utf-8' })
      const rows: unknown[] = []
      for await (const row of source.rows()) rows.push(row)
      return rows
    } catch (error) {
      return (error as FilesError).code
    }
  }
  await fc.assert(
    fc.asyncProperty(text, fc.integer({ min: 1, max: 9 }), async (content, size) => {
      expect(await outcome(content, size)).toEqual(await outcome(content, 10_000))
    }),
    { numRuns: 1000, seed: 7 },
  )
})
