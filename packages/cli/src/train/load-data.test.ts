// Tests of which rows a training takes: samples, shares, weights, labels.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gateSplit, shuffledIndices } from '@renown/ml'
import { afterEach, describe, expect, test } from 'vitest'
import { cleanUp, temporaryFolder } from '../test-cli.ts'
import { composeExamples } from './compose-examples.ts'
import { type DataRequest, planData } from './data-request.ts'
import type { GivenValues } from './given-values.ts'
import { type LoadedSplit, loadData } from './load-data.ts'
import { takeValidation } from './take-validation.ts'

afterEach(cleanUp)

const CONTEXT = { signal: new AbortController().signal, readHub: () => Promise.reject(new Error('no Hub here')) }
const LABELS = ['negative', 'neutral', 'positive']

/** posts.csv with so many rows; the row's number from 0 is in its text. Rows of these numbers have no text. */
async function request(
  rows: number,
  wishes: Readonly<Record<string, unknown>>,
  empty: readonly number[] = [],
): Promise<DataRequest> {
  const folder = await temporaryFolder()
  const path = join(folder, 'posts.csv')
  const lines = Array.from(
    { length: rows },
    (_, row) => `${empty.includes(row) ? ' ' : `post ${row}`},${LABELS[row % 3]}`,
  )
  await writeFile(path, `text,label\n${lines.join('\n')}\n`)
  const all = { train_file: [path], validation_split: 0.1, ...wishes }
  const given = Object.entries(all).map(([name, value]) => [name, { value, where: name }])
  return planData(Object.fromEntries(given) as GivenValues)
}

test('samples are those of shuffle(seed=42).select(range(n)) of datasets, in that order', async () => {
  const golden = JSON.parse(await readFile(new URL('../../../ml/fixtures/shuffle.json', import.meta.url), 'utf8'))
  const loaded = await loadData(await request(1000, { train_samples: 10 }), null, CONTEXT)
  const rows = loaded.train[0]?.rows ?? []
  expect(rows.map(({ text }) => Number(text.slice('post '.length)))).toEqual(golden['1000,42'].slice(0, 10))
  expect(rows[0]?.place).toEqual({ file: 'posts.csv', row: golden['1000,42'][0] + 2 })
})

test('samples are the same ones where rows without a text are among the data', async () => {
  const golden = JSON.parse(await readFile(new URL('../../../ml/fixtures/shuffle.json', import.meta.url), 'utf8'))
  const picked: readonly number[] = golden['1000,42'].slice(0, 10)
  const empty = [picked[3] ?? 0, 0, 1, 999].filter((row, index) => index === 0 || !picked.includes(row))
  const loaded = await loadData(await request(1000, { train_samples: 10 }, empty), null, CONTEXT)
  const rows = loaded.train[0]?.rows ?? []
  expect(rows.map(({ text }) => Number(text.slice('post '.length)))).toEqual(picked.filter((_, index) => index !== 3))
})

test('fewer rows than were asked for are told of', async () => {
  const loaded = await loadData(await request(30, { train_samples: 5000 }), null, CONTEXT)
  expect([loaded.train[0]?.rows.length, loaded.notices]).toEqual([
    30,
    ['posts.csv: 5,000 rows were asked for, and there are 30'],
  ])
})

test('what is held out is the gate split of all posts, and samples are picked of what is left', async () => {
  const texts = Array.from({ length: 1000 }, (_, row) => `post ${row}`)
  const { gate, rest } = gateSplit(texts, { share: 0.3, seed: 7 })
  const loaded = await loadData(await request(1000, { train_samples: 10, gate_share: 0.3 }), LABELS, CONTEXT)
  const textsOf = (split: LoadedSplit | null | undefined): string[] => split?.rows.map(({ text }) => text) ?? []
  expect(textsOf(loaded.held)).toEqual([...gate].map((row) => texts[row]))
  const picked = [...shuffledIndices(rest.length, 42).slice(0, 10)].map((index) => texts[rest[index] ?? 0])
  expect(textsOf(loaded.train[0])).toEqual(picked)
  const none = await loadData(await request(30, { gate_share: '0' }), LABELS, CONTEXT)
  expect([none.held, none.train[0]?.rows.length]).toEqual([null, 30])
})

describe('a share for validation', () => {
  test.each([true, false])('is gone from the training posts (stratified: %s)', async (stratified) => {
    const { train } = await loadData(await request(90, {}), LABELS, CONTEXT)
    const sources = [...train, ...structuredClone(train)]
    const split = takeValidation(sources, { kind: 'share', share: 0.2, stratified }, LABELS)
    const [first, second] = split.train.map(({ rows }) => rows.length)
    expect([split.validation.rows.length, (first ?? 0) + (second ?? 0)]).toEqual([36, 144])
    const counts = LABELS.map((_, label) => split.validation.rows.filter((row) => row.label === label).length)
    expect(split.validation).toMatchObject({ name: 'posts.csv and posts.csv', splitName: 'validation' })
    if (stratified) expect(counts).toEqual([12, 12, 12])
    expect(takeValidation(sources, { kind: 'share', share: 0.2, stratified }, LABELS)).toEqual(split)
  })

  test('that can not have each label is refused with the name of the label', async () => {
    const { train } = await loadData(await request(4, {}), LABELS, CONTEXT)
    expect(() => takeValidation(train, { kind: 'share', share: 0.5, stratified: true }, LABELS)).toThrow(
      /class "\w+" has one row: .* or a split that is random/,
    )
  })
})

test('a weight repeats examples, and its fraction takes always the same ones', () => {
  const examples = Array.from({ length: 10 }, (_, row) => ({ ids: new Int32Array(2), label: 0, row }))
  const rows = (weight: number): number[] => composeExamples([{ examples, weight }]).map(({ row }) => row)
  const all = [...examples.keys()]
  expect(rows(1)).toEqual(all)
  expect(rows(2)).toEqual([...all, ...all])
  expect(rows(0.3)).toHaveLength(3)
  expect(rows(0.3)).toEqual(rows(1.3).slice(10))
  expect(new Set(rows(0.5)).size).toBe(5)
})

describe('labels', () => {
  const labelsOf = async (base: readonly string[] | null, wishes = {}): Promise<unknown[]> => {
    const { labels, labelsFrom } = await loadData(await request(12, wishes), base, CONTEXT)
    return [labelsFrom, ...labels]
  }

  test("are those asked for, or the base's, or the data's own", async () => {
    const reversed = [...LABELS].reverse()
    expect(await labelsOf(reversed)).toEqual(['base', ...reversed])
    expect(await labelsOf(LABELS, { labels: 'positive,negative,neutral' })).toEqual([
      'asked',
      'positive',
      'negative',
      'neutral',
    ])
    expect(await labelsOf(['joy', 'anger'])).toEqual(['data', ...LABELS])
    expect(await labelsOf(null)).toEqual(['data', ...LABELS])
  })
})
