// JSON documents and JSON Lines: which it is, streaming, broken elements, limits.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openRowsFromStream } from './open-rows.ts'
import { readContent, valuesOf } from './test-files.ts'

const POSTS = [
  { id: 1, text: 'good, "really"', user: { name: 'ada' } },
  { id: 2, text: 'naïve 😀 } ] \\ [ {', tags: ['a', ['b']] },
  { id: 3, text: null },
]

describe('which kind of JSON', () => {
  test.each([
    ['a list', JSON.stringify(POSTS), 'json'],
    ['a list over many lines', JSON.stringify(POSTS, null, 2), 'json'],
    ['an object that holds a list', JSON.stringify({ meta: { n: [1, { a: [2] }] }, data: POSTS, after: [1] }), 'json'],
    ['the same over many lines', JSON.stringify({ meta: 'a"[', none: [], data: POSTS }, null, 1), 'json'],
    ['one object a line', POSTS.map((post) => JSON.stringify(post)).join('\n'), 'jsonl'],
    [
      'one object a line, with Windows line ends',
      `${POSTS.map((post) => JSON.stringify(post)).join('\r\n')}\r\n`,
      'jsonl',
    ],
  ])('%s', async (_name, text, format) => {
    for (const chunk of [1, 3, 1000]) {
      const got = await readContent(text, {}, chunk)
      expect(valuesOf(got)).toEqual(POSTS)
      expect(got.rejected).toEqual([])
      expect(got.source.format).toBe(format)
      expect(got.source.columns).toEqual(['id', 'text', 'user', 'tags'])
    }
  })

  test('strings are texts', async () => {
    expect(valuesOf(await readContent('["good", "bad"]'))).toEqual([{ text: 'good' }, { text: 'bad' }])
    expect(valuesOf(await readContent('"good"\n"bad"\n', { name: 'a.jsonl' }))).toEqual([
      { text: 'good' },
      { text: 'bad' },
    ])
  })

  test('a post that starts with a bracket is no JSON', async () => {
    const { source, rows } = await readContent('[deleted] by the author\n{sigh} another one\n')
    expect(source.format).toBe('txt')
    expect(rows).toHaveLength(2)
  })

  test('an object without a list of objects has no rows', async () => {
    await expect(readContent('{\n "a": [1, 2],\n "b": {"c": [{}]}\n}', { name: 'a.json' })).rejects.toMatchObject({
      code: 'JSON_NO_ROWS',
    })
  })

  test('an empty list has no columns', async () => {
    await expect(readContent('[]')).rejects.toMatchObject({ code: 'NO_COLUMNS' })
  })
})

test('any list of values comes out as it went in, however it is cut', async () => {
  const row = fc.dictionary(
    fc.string({ maxLength: 5 }).filter((key) => key !== '__proto__'),
    fc.jsonValue({ maxDepth: 3 }),
  )
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { minLength: 1, maxLength: 6 }),
      fc.nat(2),
      fc.integer({ min: 1, max: 50 }),
      async (rows, indent, chunk) => {
        fc.pre(rows.some((one) => Object.keys(one).length > 0))
        const plain: unknown = JSON.parse(JSON.stringify(rows))
        expect(valuesOf(await readContent(JSON.stringify(rows, null, indent), { format: 'json' }, chunk))).toEqual(
          plain,
        )
        const lines = rows.map((one) => JSON.stringify(one)).join('\n')
        expect(valuesOf(await readContent(lines, { format: 'jsonl' }, chunk))).toEqual(plain)
      },
    ),
    { numRuns: 200, seed: 8259 },
  )
})

describe('broken rows', () => {
  test('a line that is no JSON, or no row, is rejected with its number', async () => {
    const text = '{"text":"a"}\n{"text":\n\n[1]\n42\nnull\n{"text":"b"}\n{"text":"cut of'
    const { rows, rejected } = await readContent(text, { name: 'a.jsonl' })
    expect(rows.map(({ line }) => line)).toEqual([1, 7])
    expect(rejected.map(({ line, code }) => [line, code])).toEqual([
      [2, 'JSON_INVALID'],
      [4, 'JSON_NOT_OBJECT'],
      [5, 'JSON_NOT_OBJECT'],
      [6, 'JSON_NOT_OBJECT'],
      [8, 'JSON_INVALID'],
    ])
  })

  test('reasons do not quote the post', async () => {
    const { rejected } = await readContent('{"text":"a"}\n{"text":"a secret" oops}\n', { name: 'a.jsonl' })
    expect(rejected[0]?.reason).not.toContain('secret')
  })

  test('a broken element of a list is rejected with its number', async () => {
    const { rows, rejected } = await readContent('[{"text":"a"},{"text":tru},{"text":"b"},7,{"text":"c"}]')
    expect(rows.map(({ line }) => line)).toEqual([1, 3, 5])
    expect(rejected.map(({ line, code }) => [line, code])).toEqual([
      [2, 'JSON_INVALID'],
      [4, 'JSON_NOT_OBJECT'],
    ])
  })

  test('a list that is cut off gives what it had', async () => {
    const inside = await readContent('[{"text":"a"},\n{"text":"b')
    expect(inside.rows).toHaveLength(1)
    expect(inside.rejected).toMatchObject([{ line: 2, code: 'JSON_TRUNCATED' }])
    const between = await readContent('[{"text":"a"},\n')
    expect(between.rejected).toMatchObject([{ line: 2, code: 'JSON_TRUNCATED' }])
  })

  test('a quote that is missing costs its element; reading goes on at a line that starts like one', async () => {
    for (const chunk of [1, 6, 1000]) {
      const text = '[\n{"text":"a"},\n{"text":"b},\n{"text":"c"},\n{"text":"d"}\n]\n'
      const { rows, rejected } = await readContent(text, {}, chunk)
      expect(rows.map(({ values }) => values.text)).toEqual(['a', 'c', 'd'])
      expect(rejected).toMatchObject([{ line: 2, code: 'JSON_INVALID' }])
    }
  })

  test('elements, lines and fields over the limits are rejected alone', async () => {
    const limits = { rowBytes: 100, fieldBytes: 30 }
    const posts = [
      { text: 'a' },
      { text: 'x'.repeat(50) },
      { text: 'y'.repeat(5000) },
      { text: 'é'.repeat(16) },
      { text: 'b' },
    ]
    const codes = ['FIELD_TOO_LONG', 'ROW_TOO_LONG', 'FIELD_TOO_LONG']
    for (const text of [JSON.stringify(posts), posts.map((post) => JSON.stringify(post)).join('\n')]) {
      const { rows, rejected } = await readContent(text, { limits }, 16)
      expect(rows.map(({ line }) => line)).toEqual([1, 5])
      expect(rejected.map(({ code }) => code)).toEqual(codes)
    }
  })

  test('__proto__ as a key changes no prototype', async () => {
    for (const text of ['[{"__proto__":{"evil":1},"text":"a"}]', '{"__proto__":{"evil":1},"text":"a"}\n{"text":"b"}']) {
      const { rows } = await readContent(text)
      expect(Object.getPrototypeOf(rows[0]!.values)).toBe(Object.prototype)
      expect(rows[0]!.values).toEqual({ _proto_: { evil: 1 }, text: 'a' })
    }
  })
})

test('a long list is not held whole: its first rows come before its end is read', async () => {
  let produced = 0
  async function* chunks(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('[')
    for (; produced < 5000; produced++) yield Buffer.from(`{"text":"${'word '.repeat(200)}${produced}"},`)
    yield Buffer.from('{"text":"last"}]')
  }
  const source = await openRowsFromStream(chunks())
  let first = 0
  let rows = 0
  for await (const row of source.rows()) {
    if (rows++ === 0) first = produced
    expect(row).toHaveProperty('values')
  }
  expect(first).toBeLessThan(1000)
  expect(rows).toBe(5001)
})
