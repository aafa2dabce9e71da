// Delimited text: RFC 4180, line numbers, broken records, limits, delimiters, headers.
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openRowsFromStream } from './open-rows.ts'
import { readContent, valuesOf } from './test-files.ts'

const csv = { format: 'csv', header: true } as const

describe('well-formed files', () => {
  test('quotes, doubled quotes, delimiters and line breaks inside of fields', async () => {
    const { rows } = await readContent('id,text\r\n1,"a ""b"", c\r\nsecond line"\r\n2,plain\n3,""\n', csv)
    expect(rows).toEqual([
      { line: 2, values: { id: '1', text: 'a "b", c\r\nsecond line' } },
      { line: 4, values: { id: '2', text: 'plain' } },
      { line: 5, values: { id: '3', text: '' } },
    ])
  })

  test('a last line without a line end, blank lines, and a header alone', async () => {
    expect(valuesOf(await readContent('a,b\n\n1,2\n\r\n3,4', csv))).toEqual([
      { a: '1', b: '2' },
      { a: '3', b: '4' },
    ])
    const only = await readContent('a,b', csv)
    expect(only.source.columns).toEqual(['a', 'b'])
    expect(only.rows).toEqual([])
  })

  test('whatever the chunks, the same rows as csv-parse reads', async () => {
    const cell = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.constantFrom('', '"', '""', 'a,b', 'x\ny', 'é', '😀', ' padded ', 'a"b', '\r\n', "'=1", '\0'),
    )
    const table = fc
      .integer({ min: 2, max: 5 })
      .chain((width) =>
        fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 8 }),
      )
    await fc.assert(
      fc.asyncProperty(table, fc.integer({ min: 1, max: 40 }), fc.boolean(), async (records, chunk, windows) => {
        const quote = (value: string): string => `"${value.replaceAll('"', '""')}"`
        const end = windows ? '\r\n' : '\n'
        const text = `${records.map((record) => record.map(quote).join(',')).join(end)}${end}`
        const header = records[0]!.map((_, index) => `c${index}`)
        const got = await readContent(`${header.join(',')}${end}${text}`, { ...csv, encoding: 'utf-8' }, chunk)
        const expected = parse(text, { relax_column_count: true }) as string[][]
        expect(got.rejected).toEqual([])
        expect(got.rows.map(({ values }) => Object.values(values))).toEqual(expected)
      }),
      { numRuns: 300, seed: 4180 },
    )
  })

  test('line numbers are those an editor shows', async () => {
    const { rows } = await readContent('h,i\n"a\nb\nc",1\nx,2\n\n\n"y\n",3\nz,4\n', csv)
    expect(rows.map(({ line }) => line)).toEqual([2, 5, 8, 10])
  })

  test('lines that end as on an old Macintosh', async () => {
    expect(valuesOf(await readContent('a,b\r1,2\r3,4\r', csv))).toEqual([
      { a: '1', b: '2' },
      { a: '3', b: '4' },
    ])
  })

  test('a quote inside of an unquoted field is a character, and space may follow a closing quote', async () => {
    expect(valuesOf(await readContent('a,b\n5" screen,x "y" z\n"q" ,"r"\t\n', csv))).toEqual([
      { a: '5" screen', b: 'x "y" z' },
      { a: 'q', b: 'r' },
    ])
  })

  test('empty columns on the right, as spreadsheets write them, are no fault', async () => {
    expect(valuesOf(await readContent('a,b\n1,2,,,\n', csv))).toEqual([{ a: '1', b: '2' }])
  })
})

describe('broken records', () => {
  test('a record with another number of fields is rejected with its line, and the rest is read', async () => {
    const { rows, rejected } = await readContent('a,b\n1\n1,2\n1,2,3\n4,5\n', csv)
    expect(rows.map(({ line }) => line)).toEqual([3, 5])
    expect(rejected).toEqual([
      { line: 2, code: 'COLUMN_COUNT', reason: 'Expected 2 fields, got 1.' },
      { line: 4, code: 'COLUMN_COUNT', reason: 'Expected 2 fields, got 3.' },
    ])
  })

  test('a quote that is never closed costs one row, not the rest of the file', async () => {
    for (const chunk of [1, 7, 1000]) {
      const { rows, rejected } = await readContent('a,b\n1,"open\n2,x\n3,y\n', csv, chunk)
      expect(rows.map(({ values }) => values.a)).toEqual(['2', '3'])
      expect(rejected).toMatchObject([{ line: 2, code: 'QUOTE_UNCLOSED' }])
    }
  })

  test('a quote that closes far too late costs one row', async () => {
    for (const chunk of [1, 5, 1000]) {
      const { rows, rejected } = await readContent('a,b\n1,"open\n2,x\n3,"good, too"\n4,z\n', csv, chunk)
      expect(rows.map(({ line, values }) => [line, values.b])).toEqual([
        [3, 'x'],
        [4, 'good, too'],
        [5, 'z'],
      ])
      expect(rejected).toMatchObject([{ line: 2, code: 'QUOTE_INVALID' }])
    }
  })

  test('quotes that were not doubled cost their row alone', async () => {
    const { rows, rejected } = await readContent('a,b\n1,"he said "hi" to me"\n2,"a" "b"\n3,x\n', csv, 3)
    expect(rows.map(({ line }) => line)).toEqual([4])
    expect(rejected.map(({ line, code }) => [line, code])).toEqual([
      [2, 'QUOTE_INVALID'],
      [3, 'QUOTE_INVALID'],
    ])
  })

  test('a broken last line without a line end', async () => {
    const { rows, rejected } = await readContent('a,b\n1,2\n3,"x', csv)
    expect(rows).toHaveLength(1)
    expect(rejected).toMatchObject([{ line: 3, code: 'QUOTE_UNCLOSED' }])
  })

  test('a header that is broken is an error of the file', async () => {
    await expect(readContent('a,"b"c\n1,2\n', csv)).rejects.toMatchObject({ code: 'HEADER_INVALID' })
  })
})

describe('limits', () => {
  const limits = { fieldBytes: 20, rowBytes: 50 }

  test('a field over the limit rejects its row; the rows around it are read', async () => {
    for (const chunk of [1, 9, 64, 10_000]) {
      const long = `a,b\n1,x\n2,${'y'.repeat(500)}\n3,"${'z\n'.repeat(200)}"\n4,w\n`
      const { rows, rejected } = await readContent(long, { ...csv, limits }, chunk)
      expect(rows.map(({ line, values }) => [line, values.a])).toEqual([
        [2, '1'],
        [205, '4'],
      ])
      expect(rejected).toMatchObject([
        { line: 3, code: 'FIELD_TOO_LONG' },
        { line: 4, code: 'FIELD_TOO_LONG' },
      ])
    }
  })

  test('many fields, each short, can still be too long a row', async () => {
    const columns = Array.from({ length: 10 }, (_, index) => `c${index}`).join(',')
    const row = Array.from({ length: 10 }, () => 'abcdefgh').join(',')
    const { rejected } = await readContent(`${columns}\n${row}\n`, { ...csv, limits }, 16)
    expect(rejected).toMatchObject([{ line: 2, code: 'ROW_TOO_LONG' }])
  })

  test('a runaway quote longer than a field may be is passed over up to where it makes no sense any more', async () => {
    const text = `a,b\n1,"${'line\n'.repeat(30)}2,"x"\n3,fine\n`
    const { rows, rejected } = await readContent(text, { ...csv, limits }, 8)
    expect(rejected).toMatchObject([{ line: 2, code: 'FIELD_TOO_LONG' }])
    expect(rows.map(({ values }) => values.a)).toEqual(['3'])
  })

  test('the rest of a rejected line, however long, is not rejected again', async () => {
    const { rows, rejected } = await readContent(`a,b\n1,"x"y${'z'.repeat(500)}\n2,fine\n`, { ...csv, limits }, 8)
    expect(rejected).toMatchObject([{ line: 2, code: 'QUOTE_INVALID' }])
    expect(rows.map(({ line }) => line)).toEqual([3])
  })

  test('too many columns are refused', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `c${index}`).join(',')
    const options = { ...csv, limits: { columns: 20 } }
    await expect(readContent(`${names}\n`, options)).rejects.toMatchObject({ code: 'TOO_MANY_COLUMNS' })
  })

  test('a field of 300 MB goes by without being held', async () => {
    const piece = Buffer.alloc(256 * 1024, 'a')
    async function* chunks(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('id,text\n1,"')
      for (let i = 0; i < 1200; i++) yield Buffer.from(piece)
      yield Buffer.from('"\n2,short\n')
    }
    const before = process.memoryUsage().rss
    let peak = before
    const got: unknown[] = []
    for await (const row of (await openRowsFromStream(chunks(), csv)).rows()) {
      got.push(row)
      peak = Math.max(peak, process.memoryUsage().rss)
    }
    expect(got).toMatchObject([
      { line: 2, code: 'FIELD_TOO_LONG' },
      { line: 3, values: { id: '2', text: 'short' } },
    ])
    expect(peak - before).toBeLessThan(150 * 1024 * 1024)
  })
})

describe('what the file looks like', () => {
  test.each([
    [',', 'csv'],
    [';', 'csv'],
    ['|', 'csv'],
    ['\t', 'tsv'],
  ])('the delimiter %j is found, though quoted fields are full of others', async (delimiter, format) => {
    const join = (cells: string[]): string => cells.join(delimiter)
    const lines = [
      ['id', 'text', 'lang'],
      ['1', '"a, b; c\t d | e, f"', 'en'],
      ['2', '"1;2;3, 4|5\t6"', 'de'],
    ].map(join)
    const { source, rows } = await readContent(`${lines.join('\n')}\n`)
    expect([source.delimiter, source.format]).toEqual([delimiter, format])
    expect(rows[0]?.values.text).toBe('a, b; c\t d | e, f')
  })

  test.each([
    ['sep=;\r\n', ';'],
    ['"sep=|"\n', '|'],
    ['SEP=\t\n', '\t'],
    ['sep=^\n', '^'],
  ])('a first line %j, as spreadsheets write it, names the delimiter and is no record', async (line, delimiter) => {
    const cells = [
      ['Date', 'Comment'],
      ['2024-03-01', 'So quick, so kind'],
    ]
    const table = cells.map((row) => row.join(delimiter)).join('\r\n')
    const { source, rows } = await readContent(`${line}${table}\r\n`, { name: 'export.csv' }, 5)
    expect(source).toMatchObject({ delimiter, columns: ['Date', 'Comment'] })
    expect(rows).toEqual([{ line: 3, values: { Date: '2024-03-01', Comment: 'So quick, so kind' } }])
  })

  test('a line that only looks like one that names the delimiter is a row', async () => {
    const { rows } = await readContent('sep=; is how the file began\nand so on\n', { name: 'posts.txt' })
    expect(rows.map(({ line }) => line)).toEqual([1, 2])
  })

  test('commas in a file of one column do not split it', async () => {
    const { source, rows } = await readContent('text\nI like it, really\nwell, no, not at all\n', { name: 'posts.csv' })
    expect(source).toMatchObject({ delimiter: null, columns: ['text'], format: 'csv' })
    expect(rows.map(({ values }) => values.text)).toEqual(['I like it, really', 'well, no, not at all'])
  })

  test('names are trimmed, never empty, never twice', async () => {
    const { source, rows } = await readContent(' text ,text,,text_2\na,b,c,d\n', csv)
    expect(source.columns).toEqual(['text', 'text_2', 'column_3', 'text_2_2'])
    expect(rows[0]?.values).toEqual({ text: 'a', text_2: 'b', column_3: 'c', text_2_2: 'd' })
  })

  test('a column called __proto__ is a column, and changes no prototype', async () => {
    const { source, rows } = await readContent('__proto__,constructor,text\nevil,x,y\n', csv)
    expect(source.columns).toEqual(['_proto_', 'constructor', 'text'])
    expect(Object.getPrototypeOf(rows[0]!.values)).toBe(Object.prototype)
    expect(rows[0]!.values).toEqual({ _proto_: 'evil', constructor: 'x', text: 'y' })
  })

  test('a table without a header keeps its first row', async () => {
    const row = (id: number): string =>
      `"0","14678${id}","Mon Apr 06 22:19:${id} PDT 2009","NO_QUERY","someone","a post, number ${id}"`
    const { source, rows } = await readContent(`${row(45)}\n${row(49)}\n`, { name: 'training.csv' })
    expect(source.columns).toEqual(['column_1', 'column_2', 'column_3', 'column_4', 'column_5', 'column_6'])
    expect(rows.map(({ line, values }) => [line, values.column_6])).toEqual([
      [1, 'a post, number 45'],
      [2, 'a post, number 49'],
    ])
  })

  test('the header can be said to be there or not', async () => {
    expect((await readContent('1,2\n3,4\n', { format: 'csv', header: true })).source.columns).toEqual(['1', '2'])
    expect((await readContent('a,b\n3,4\n', { format: 'csv', header: false })).rows).toHaveLength(2)
  })

  test('plain text, one post a line, needs no header', async () => {
    for (const name of ['posts.txt', undefined]) {
      const text = 'I love it, so much!\n\nnever again :(\n"quoted" and not closed "\n'
      const { source, rows } = await readContent(text, name === undefined ? {} : { name })
      expect(source).toMatchObject({ format: 'txt', columns: ['text'] })
      expect(rows).toEqual([
        { line: 1, values: { text: 'I love it, so much!' } },
        { line: 3, values: { text: 'never again :(' } },
        { line: 4, values: { text: '"quoted" and not closed "' } },
      ])
    }
  })

  test('sentences in a file that is called CSV, without a header, lose no line', async () => {
    const { source, rows } = await readContent('I love this place, truly\nbad\nso, so, bad\n', { name: 'posts.csv' })
    expect(source.columns).toEqual(['text'])
    expect(rows).toHaveLength(3)
  })

  test('a table called .txt is a table', async () => {
    const { source, rows } = await readContent('id\ttext\n1\tgood\n2\tbad\n', { name: 'posts.txt' })
    expect(source).toMatchObject({ format: 'tsv', columns: ['id', 'text'] })
    expect(rows).toHaveLength(2)
  })

  test('NULs, control characters, right-to-left marks and lone halves of characters are text', async () => {
    const text = 'a\0b\u0007\u202Ec\u200F'
    const { rows } = await readContent(`id,text\n1,${text}\n2,plain words here\n`, csv)
    expect(rows[0]?.values.text).toBe(text)
  })
})
