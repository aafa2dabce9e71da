// Reading labelled data from files: splits, columns, rows that are left out, where rows stand.
import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, test } from 'vitest'
import { cleanUp, temporaryFolder } from '../test-cli.ts'
import { classifySplit } from './classify-split.ts'
import { planSplitFiles } from './find-split-files.ts'
import { placeOf } from './labelled-data-set.ts'
import { createLabelMatcher } from './match-labels.ts'
import { readDataFolder, readDataSet } from './read-data-set.ts'
import { readSplit } from './read-split.ts'

afterEach(cleanUp)

const PARQUET = fileURLToPath(new URL('../../../models/fixtures/labelled-posts.parquet', import.meta.url))
const LABELS = ['negative', 'neutral', 'positive']

async function write(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const folder = await temporaryFolder()
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content)
  return folder
}

const lines = (...rows: readonly object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('')

describe('readDataFolder', () => {
  test('takes the files that are named after splits, in any format', async () => {
    const folder = await write({
      'train.jsonl': lines({ text: 'a fine stay', label: 'positive' }, { text: 'cold soup', label: 'negative' }),
      'dev.csv.gz': gzipSync('text,label\nso so,neutral\n'),
      'test.json': JSON.stringify([{ text: 'never again', label: 'negative' }]),
      'README.md': '# Posts',
      'notes.csv': 'text,label\nnothing,neutral\n',
    })
    const { splits } = await readDataFolder(folder)
    expect([...splits].map(([name, { texts, labels }]) => [name, texts, labels])).toEqual([
      ['train', ['a fine stay', 'cold soup'], ['positive', 'negative']],
      ['validation', ['so so'], ['neutral']],
      ['test', ['never again'], ['negative']],
    ])
    const only = await readDataFolder(folder, { wanted: ['validation'] })
    expect([...only.splits.keys()]).toEqual(['validation'])
  })

  test('joins the parts of a split, and knows where each row is from', async () => {
    const part = (text: string) =>
      lines(
        { text: `${text} one`, label: 0 },
        { text: `${text} two`, label: 'odd' },
        { text: `${text} three`, label: 2 },
      )
    const folder = await write({
      'train-00001-of-00002.jsonl': part('second'),
      'train-00000-of-00002.jsonl': part('first'),
    })
    const { splits } = await readDataFolder(folder)
    const train = splits.get('train')
    if (train === undefined) throw new Error('expected a split')
    expect(train.texts[3]).toBe('second one')
    expect(placeOf(train, 4)).toEqual({ file: 'train-00001-of-00002.jsonl', row: 2 })
    const hashes = train.files.map(({ sha256 }) => `${sha256}\n`).join('')
    expect(train.sha256).toBe(createHash('sha256').update(hashes).digest('hex'))

    const classified = classifySplit(train, createLabelMatcher(LABELS, new Map()))
    expect(classified.texts).toEqual(['first one', 'first three', 'second one', 'second three'])
    expect(classified.classes).toEqual([0, 2, 0, 2])
    expect(classified.unknown).toEqual(new Map([['odd', 2]]))
    expect(classified.texts.map((_, row) => placeOf(classified, row))).toEqual([
      { file: 'train-00000-of-00002.jsonl', row: 1 },
      { file: 'train-00000-of-00002.jsonl', row: 3 },
      { file: 'train-00001-of-00002.jsonl', row: 1 },
      { file: 'train-00001-of-00002.jsonl', row: 3 },
    ])
  })

  test('refuses a folder without splits, no folder, and files that could both be meant', async () => {
    const code = (promise: Promise<unknown>) =>
      promise.then(
        () => null,
        (error: { code?: string }) => error.code,
      )
    expect(await code(readDataFolder(await write({ 'posts.csv': 'text,label\na,b\n' })))).toBe('INPUT_NOT_FOUND')
    expect(await code(readDataFolder('/nowhere/at/all'))).toBe('INPUT_NOT_FOUND')
    expect(() => planSplitFiles('f', ['val.csv', 'dev.csv', 'train.csv'])).toThrow('dev.csv, val.csv')
    expect(() => planSplitFiles('f', ['train-00000-of-00002.parquet'])).toThrow('all the parts')
    expect(() => planSplitFiles('f', ['train.csv', 'train-00000-of-00001.parquet'])).toThrow('expected one file')
  })

  test('a folder that is named like a split file is no file', async () => {
    const folder = await write({ 'train.csv': 'text,label\na b c,positive\n' })
    await mkdir(join(folder, 'test.csv'))
    const { splits } = await readDataFolder(folder)
    expect([...splits.keys()]).toEqual(['train'])
  })
})

describe('readSplit', () => {
  test('leaves out rows without text or with too long a one, and says where they stand', async () => {
    const folder = await write({
      'posts.jsonl': lines(
        { text: 'kept', label: 'positive' },
        { text: '', label: 'positive' },
        { label: 'positive' },
        { text: 'x'.repeat(100_000), label: 'neutral' },
        { text: 'x'.repeat(100_001), label: 'neutral' },
        { text: ' \t ', label: 'neutral' },
        { text: 'no label' },
      ),
    })
    const { texts, labels, rows, rejected } = await readSplit([join(folder, 'posts.jsonl')])
    expect(texts.map(({ length }) => length)).toEqual([4, 100_000, 8])
    expect(labels).toEqual(['positive', 'neutral', ''])
    expect(rows).toEqual([1, 4, 7])
    expect(Object.fromEntries(rejected)).toEqual({
      TEXT_EMPTY: { count: 2, places: [2, 6].map((row) => ({ file: 'posts.jsonl', row })) },
      TEXT_MISSING: { count: 1, places: [{ file: 'posts.jsonl', row: 3 }] },
      TEXT_TOO_LONG: { count: 1, places: [{ file: 'posts.jsonl', row: 5 }] },
    })
  })

  test('rows keep the line they start on, and lone surrogates survive', async () => {
    const folder = await write({
      'posts.csv': 'id,text,label\n1,"two\nlines",positive\n2,"",negative\n3,fine,negative\n',
      'more.jsonl': '{"text": "half \\ud83d a face", "label": "neutral"}\n',
    })
    expect((await readSplit([join(folder, 'posts.csv')])).rows).toEqual([2, 5])
    expect((await readSplit([join(folder, 'more.jsonl')])).texts).toEqual(['half \ud83d a face'])
  })

  test('files may arrive one after another, and take the columns of the first', async () => {
    const folder = await write({
      'a.csv': 'message,stance,label\nhello there,against,x\n',
      'b.csv': 'label,stance,message\ny,for,bye now\n',
    })
    async function* arriving(): AsyncGenerator<string> {
      for (const name of ['a.csv', 'b.csv']) yield join(folder, name)
    }
    const split = await readSplit(arriving(), { labelColumn: 'stance' })
    expect(split.columns).toEqual({ text: 'message', label: 'stance' })
    expect(split.labels).toEqual(['against', 'for'])
    const set = await readDataSet(
      {
        name: 'stances',
        splits: [
          ['train', [join(folder, 'a.csv')]],
          ['test', [join(folder, 'b.csv')]],
        ],
      },
      { labelColumn: 'stance', textColumn: 'message' },
    )
    expect(set.splits.get('test')?.texts).toEqual(['bye now'])
  })

  test('refuses data without labels, without text, without rows', async () => {
    const folder = await write({
      'unlabelled.csv': 'text\nonly a text here\n',
      'textless.csv': 'label,amount\npositive,3\nnegative,4\n',
      'blank.csv': 'text,label\n,positive\n" ",negative\n',
      'header.csv': 'text,label\n',
      'empty.csv': '',
    })
    const refusal = (name: string, options = {}) =>
      readSplit([join(folder, name)], options).then(
        () => null,
        (error: { code?: string }) => error.code,
      )
    expect(await refusal('unlabelled.csv')).toBe('COLUMN_NOT_FOUND')
    expect(await refusal('textless.csv')).toBe('COLUMN_NOT_FOUND')
    expect(await refusal('textless.csv', { textColumn: 'label' })).toBe('COLUMN_NOT_FOUND')
    expect(await refusal('blank.csv')).toBe('DATA_EMPTY')
    expect(await refusal('header.csv')).toBe('DATA_EMPTY')
    expect(await refusal('empty.csv')).toBe('FILE_EMPTY')
    expect(await refusal('gone.csv')).toBe('FILE_NOT_FOUND')
    expect(await refusal('blank.csv', { labelColumn: 'mood' })).toBe('COLUMN_NOT_FOUND')
    await expect(readSplit([])).rejects.toMatchObject({ code: 'DATA_EMPTY' })
  })

  test('numbers that a Parquet file names mean those names', async () => {
    const split = await readSplit([PARQUET])
    expect(split.labelNames).toEqual(LABELS)
    const numbers = split.labels.map(Number)
    const { match } = createLabelMatcher(['positive', 'negative', 'neutral'], new Map(), split.labelNames ?? undefined)
    expect(split.labels.map(match)).toEqual(numbers.map((number) => [1, 2, 0][number]))
    const folder = await write({ 'plain.jsonl': lines({ text: 'hello there', label: 0 }) })
    await expect(readSplit([PARQUET, join(folder, 'plain.jsonl')])).rejects.toMatchObject({ code: 'LABELS_UNKNOWN' })
  })

  test('can be stopped', async () => {
    const folder = await write({ 'posts.csv': 'text,label\nhello there,positive\n' })
    await expect(readSplit([join(folder, 'posts.csv')], { signal: AbortSignal.abort() })).rejects.toThrow()
  })
})
