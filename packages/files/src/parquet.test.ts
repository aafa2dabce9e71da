// Parquet as pyarrow writes it (see fixtures/README.md), windows of a large row group, files that lie or end early.
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { ByteWriter, parquetWriteBuffer } from 'hyparquet-writer'
import { afterAll, describe, expect, test } from 'vitest'
import { FilesError } from './errors.ts'
import { createTestFolder, fixture, readContent, readFile, valuesOf } from './test-files.ts'

const folder = createTestFolder()
afterAll(() => folder.remove())

describe.each(['snappy', 'gzip', 'zstd', 'brotli', 'lz4', 'none'])('packed with %s', (codec) => {
  test('every kind of value is what pyarrow wrote', async () => {
    const { source, rows, rejected } = await readFile(fixture(`posts.${codec}.parquet`))
    expect(rejected).toEqual([])
    expect(source).toMatchObject({ format: 'parquet', gzip: false, encoding: null, delimiter: null })
    expect(rows.map(({ line }) => line)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
    expect(rows[0]?.values).toEqual({
      id: '9007199254740993',
      count: 0,
      text: 'post 0 café 😀 "quoted"\nsecond line',
      created_at: new Date('2024-02-29T23:59:59.123Z'),
      day: new Date('2024-01-01'),
      label: 'negative',
      score: 0,
      tags: ['a', 'b'],
      user: { name: 'u0', followers: 0 },
      raw: expect.anything(),
      liked: true,
    })
    expect(rows[3]?.values).toMatchObject({ text: null, label: 'negative', score: 0.375, tags: ['c'], liked: false })
    expect(rows[11]?.values).toMatchObject({ count: 11, day: new Date('2024-01-12'), label: 'positive', score: 1.375 })
    expect(source.bytesRead()).toBe(source.bytesTotal)
  })
})

test('a row group of 40,000 rows in many pages is read in windows, each value in its place', async () => {
  const { rows } = await readFile(fixture('windows.parquet'))
  expect(rows).toHaveLength(40_000)
  const wrong = rows.filter(({ line, values }, index) => {
    const text = index % 13 === 0 ? null : `post ${index % 97}`
    return line !== index + 1 || values.n !== index || values.text !== text
  })
  expect(wrong).toEqual([])
})

test('a file without rows has its columns', async () => {
  const { source, rows } = await readFile(fixture('no-rows.parquet'))
  expect(source.columns).toContain('text')
  expect(rows).toEqual([])
})

test('inside gzip, and from a stream', async () => {
  const bytes = readFileSync(fixture('posts.zstd.parquet'))
  const plain = valuesOf(await readFile(fixture('posts.zstd.parquet')))
  const zipped = await readFile(folder.write('posts.parquet.gz', gzipSync(bytes)))
  expect(zipped.source).toMatchObject({ format: 'parquet', gzip: true })
  expect(valuesOf(zipped)).toEqual(plain)
  expect(valuesOf(await readContent(bytes))).toEqual(plain)
  await expect(readContent(bytes, { limits: { spoolBytes: 1000 } })).rejects.toMatchObject({ code: 'SPOOL_TOO_LARGE' })
})

test('a field over the limit rejects its row', async () => {
  const { rows, rejected } = await readFile(fixture('windows.parquet'), { limits: { fieldBytes: 6 } })
  expect(rows.length + rejected.length).toBe(40_000)
  expect(rejected[0]).toMatchObject({ line: 11, code: 'FIELD_TOO_LONG' })
})

test('a blank or missing text is rejected with the row number', async () => {
  const { rejected } = await readFile(fixture('posts.snappy.parquet'), { textColumn: 'text' })
  expect(rejected).toMatchObject([{ line: 4, code: 'TEXT_MISSING' }])
})

describe('damaged files', () => {
  const whole = readFileSync(fixture('posts.snappy.parquet'))

  test('cut off anywhere: an error with a code', async () => {
    for (let length = 4; length < whole.length; length += 97) {
      const path = folder.write('cut.parquet', whole.subarray(0, length))
      await expect(readFile(path)).rejects.toMatchObject({ code: 'PARQUET_INVALID' })
    }
  })

  test('any byte changed: rows, or a FilesError, and nothing else', async () => {
    for (let at = 4; at < whole.length; at += 61) {
      for (const value of [0, 0xff, whole[at]! ^ 0x10]) {
        const bytes = Buffer.from(whole)
        bytes[at] = value
        const outcome = await readFile(folder.write('changed.parquet', bytes)).catch((error: unknown) => error)
        if (outcome instanceof Error) expect(outcome).toBeInstanceOf(FilesError)
      }
    }
  })

  test('a footer that claims to be enormous', async () => {
    const bytes = Buffer.from(whole)
    bytes.writeUInt32LE(0x7fffffff, bytes.length - 8)
    await expect(readFile(folder.write('a.parquet', bytes))).rejects.toMatchObject({ code: 'PARQUET_TOO_LARGE' })
  })

  test('claims over the limits are not believed', async () => {
    const path = fixture('windows.parquet')
    for (const limits of [{ parquetRowGroupRows: 1000 }, { parquetRowGroupBytes: 1000 }, { parquetPageBytes: 100 }]) {
      await expect(readFile(path, { limits })).rejects.toMatchObject({ code: 'PARQUET_TOO_LARGE' })
    }
  })

  test('a page that claims two billion values costs nothing', async () => {
    const writer = new ByteWriter()
    writer.appendBytes(
      Buffer.from(parquetWriteBuffer({ columnData: [{ name: 'n', data: Array(1000).fill(7), type: 'INT32' }] })),
    )
    const bytes = Buffer.from(writer.getBuffer())
    // The page's header holds its number of values as a zigzag varint: 1000 is d0 0f. It gets more bytes, for 2³¹ − 1.
    const at = bytes.indexOf(Buffer.from([0xd0, 0x0f]))
    const claim = Buffer.from([0xfe, 0xff, 0xff, 0xff, 0x0f])
    const forged = Buffer.concat([bytes.subarray(0, at), claim, bytes.subarray(at + 2)])
    await expect(readFile(folder.write('a.parquet', forged))).rejects.toMatchObject({
      code: expect.stringMatching(/PARQUET_(TOO_LARGE|INVALID)/),
    })
  })
})
