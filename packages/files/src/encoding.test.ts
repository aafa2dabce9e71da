// Encodings: marks, UTF-16 without one, Windows-1252, bytes that turn bad later on.
import { describe, expect, test } from 'vitest'
import { createUtf8Transcoder } from './encoding.ts'
import { readContent, valuesOf } from './test-files.ts'

const TEXT = 'id,text\n1,café — 😀 日本語\n2,plain\n'
const ROWS = [
  { id: '1', text: 'café — 😀 日本語' },
  { id: '2', text: 'plain' },
]

function utf16(text: string, bigEndian: boolean, mark: boolean): Buffer {
  const bytes = Buffer.from(mark ? `\ufeff${text}` : text, 'utf16le')
  return bigEndian ? bytes.swap16() : bytes
}

describe.each([1, 2, 3, 7, 65_536])('in chunks of %i bytes', (chunk) => {
  test.each([
    ['UTF-8', Buffer.from(TEXT), 'utf-8'],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${TEXT}`), 'utf-8'],
    ['UTF-16 LE with a mark', utf16(TEXT, false, true), 'utf-16le'],
    ['UTF-16 BE with a mark', utf16(TEXT, true, true), 'utf-16be'],
  ])('%s', async (_name, bytes, encoding) => {
    const got = await readContent(bytes, { name: 'posts.csv' }, chunk)
    expect(valuesOf(got)).toEqual(ROWS)
    expect(got.source.encoding).toBe(encoding)
    expect(got.source.repairedRows()).toBe(0)
  })

  test('Windows-1252, the curly quotes and the euro too', async () => {
    const bytes = Buffer.concat([
      Buffer.from('id,text\n1,caf'),
      Buffer.from([0xe9, 0x20, 0x93, 0x80, 0x94]),
      Buffer.from('\n'),
    ])
    const got = await readContent(bytes, { name: 'posts.csv' }, chunk)
    expect(valuesOf(got)).toEqual([{ id: '1', text: 'café “€”' }])
    expect(got.source.encoding).toBe('windows-1252')
  })
})

test('UTF-16 without a mark is known by its NULs', async () => {
  const latin = 'id,text\n1,caf\u00e9 au lait\n2,plain words\n'
  for (const bigEndian of [false, true]) {
    const got = await readContent(utf16(latin, bigEndian, false), { name: 'posts.csv' })
    expect(got.rows.map(({ values }) => values.text)).toEqual(['café au lait', 'plain words'])
    expect(got.source.encoding).toBe(bigEndian ? 'utf-16be' : 'utf-16le')
  }
})

test('the first accent may come after a megabyte of ASCII', async () => {
  const ascii = `id,text\n${'1,nothing special in this row\n'.repeat(40_000)}`
  const latin = await readContent(Buffer.concat([Buffer.from(ascii), Buffer.from('2,caf\xe9\n', 'latin1')]), {
    name: 'a.csv',
  })
  expect(latin.rows.at(-1)?.values.text).toBe('café')
  expect(latin.source.encoding).toBe('windows-1252')
  const utf8 = await readContent(`${ascii}2,café\n`, { name: 'a.csv' })
  expect(utf8.rows.at(-1)?.values.text).toBe('café')
  expect(utf8.source.encoding).toBe('utf-8')
})

test('one post cut inside of a character does not make a UTF-8 file Latin', async () => {
  const bytes = Buffer.concat([
    Buffer.from('id,text\n1,naïve café\n2,smile '),
    Buffer.from('😀').subarray(0, 2),
    Buffer.from('\n3,größer\n'),
  ])
  const got = await readContent(bytes, { name: 'a.csv' })
  expect(got.source.encoding).toBe('utf-8')
  expect(got.rows.map(({ values }) => values.text)).toEqual(['naïve café', 'smile \ufffd', 'größer'])
  expect(got.source.repairedRows()).toBe(1)
})

test.each(['a.jsonl', 'a.json', 'a.txt', 'a.csv'])(
  'bad bytes are replaced and their rows counted: %s',
  async (name) => {
    const bad = Buffer.concat([Buffer.from('smile '), Buffer.from([0xf0, 0x9f])])
    const quote = (text: Buffer): Buffer => Buffer.concat([Buffer.from('{"text":"'), text, Buffer.from('"}')])
    const good = Buffer.from('größer 😀 \ufffd')
    const json = name.includes('json')
    const rows = [json ? quote(good) : good, json ? quote(bad) : bad]
    const glue = name === 'a.json' ? ',' : '\n'
    const body = Buffer.concat([rows[0]!, Buffer.from(glue), rows[1]!])
    const [before, after] = name === 'a.json' ? ['[', ']'] : [name === 'a.csv' ? 'text\n' : '', '\n']
    const got = await readContent(Buffer.concat([Buffer.from(before), body, Buffer.from(after)]), { name })
    expect(got.rows.map(({ values }) => values.text)).toEqual(['größer 😀 \ufffd', 'smile \ufffd'])
    expect(got.source.repairedRows()).toBe(1)
  },
)

test('an encoding can be named, and a name that is none is refused', async () => {
  const cyrillic = Buffer.concat([Buffer.from('text\n'), Buffer.from([0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2, 0x0a])])
  expect(valuesOf(await readContent(cyrillic, { encoding: 'windows-1251', format: 'csv' }))).toEqual([
    { text: 'Привет' },
  ])
  await expect(readContent('a', { encoding: 'klingon' })).rejects.toMatchObject({ code: 'ENCODING_UNSUPPORTED' })
  const utf32 = Buffer.from([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0])
  await expect(readContent(utf32)).rejects.toMatchObject({ code: 'ENCODING_UNSUPPORTED' })
})

test('the transcoder gives the same bytes however they are cut', () => {
  const bytes = utf16(TEXT.repeat(20), false, true)
  for (let size = 1; size < 12; size++) {
    const transcoder = createUtf8Transcoder()
    const parts: Uint8Array[] = []
    for (let start = 0; start < bytes.length; start += size)
      parts.push(transcoder.push(bytes.subarray(start, start + size)))
    parts.push(transcoder.end())
    expect(Buffer.concat(parts).toString()).toBe(TEXT.repeat(20))
  }
})
