// Tests of data sets from the Hub, over HTTP, with Parquet files as `datasets` writes them.
import { readFileSync } from 'node:fs'
import { openRows } from '@renown/files'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { afterEach, describe, expect, test } from 'vitest'
import { hashFile } from '../../hash-file.ts'
import { removeTemporaryFolders } from '../../test-fixtures.ts'
import { openTestHub, stopStandIns } from '../test-hub.ts'
import { openHubDataSet } from './open-hub-data-set.ts'

afterEach(stopStandIns)
afterEach(removeTemporaryFolders)

const POSTS = readFileSync(new URL('../../../fixtures/labelled-posts.parquet', import.meta.url))
const LABELS = ['negative', 'neutral', 'positive']

/** Parquet without any notes. */
function plainParquet(columns: Record<string, readonly (string | number)[]>): Uint8Array {
  const columnData = Object.entries(columns).map(([name, data]) => ({
    name,
    data: [...data],
    type: typeof data[0] === 'string' ? ('STRING' as const) : ('INT32' as const),
  }))
  return new Uint8Array(parquetWriteBuffer({ columnData }))
}

const CARD = `---
configs:
- config_name: sentiment
  data_files:
  - {split: train, path: sentiment/train-*}
  - {split: validation, path: sentiment/validation-*}
- config_name: emoji
  data_files:
  - {split: train, path: emoji/train-*}
dataset_info:
- config_name: sentiment
  features:
  - {name: text, dtype: string}
  - name: label
    dtype: {class_label: {names: {'0': bad, '1': good}}}
---
`

const FILES = {
  'README.md': CARD,
  'sentiment/train-00000-of-00002.parquet': POSTS,
  'sentiment/train-00001-of-00002.parquet': plainParquet({ text: ['Rain again'], label: [1] }),
  'sentiment/validation-00000-of-00001.parquet': POSTS,
  'emoji/train-00000-of-00001.parquet': plainParquet({ text: ['x'], label: [3] }),
}

describe('a data set of the Hub', () => {
  test('is found by its card, whatever it was called before, and is read from the cache', async () => {
    const { hub, client } = await openTestHub()
    const commit = hub.add({ type: 'dataset', name: 'someone/tweets', files: FILES })
    hub.rename('tweets', 'someone/tweets')
    const opened = await openHubDataSet('tweets', { hub: client, config: 'sentiment' })
    expect(opened).toMatchObject({
      name: 'tweets',
      config: 'sentiment',
      revision: commit,
      isConverted: false,
      labels: LABELS,
      textColumns: ['text'],
      labelColumns: ['label'],
      splits: [
        { name: 'train', rows: 7 },
        { name: 'validation', rows: 6 },
      ],
    })
    const [train, validation] = opened.splits
    expect(train?.files).toHaveLength(2)
    expect(validation?.sha256).toBe((await hashFile(validation?.files[0] as string)).sha256)
    const source = await openRows(validation?.files[0] as string)
    const rows = []
    for await (const row of source.rows()) rows.push(row)
    expect(rows[0]).toMatchObject({ values: { text: 'The queue at the bakery was short today', label: 2 } })
  })

  test('is pinned by its commit, and then asks nothing', async () => {
    const { hub, client, takeRequests } = await openTestHub()
    hub.add({ type: 'dataset', name: 'someone/tweets', files: FILES })
    const options = { hub: client, config: 'sentiment', splits: ['validation'] }
    const first = await openHubDataSet('someone/tweets', options)
    expect(takeRequests().filter((request) => /train|emoji/.test(request))).toEqual([])
    expect(await openHubDataSet('someone/tweets', { ...options, revision: first.revision })).toEqual(first)
    expect(await openHubDataSet(`someone/tweets@${first.revision}`, options)).toEqual(first)
    expect(takeRequests()).toEqual([])
  })

  test('with several configurations wants one of them named, and one that exists', async () => {
    const { hub, client } = await openTestHub()
    hub.add({ type: 'dataset', name: 'someone/tweets', files: FILES })
    await expect(openHubDataSet('someone/tweets', { hub: client })).rejects.toMatchObject({
      code: 'DATASET_CONFIG_REQUIRED',
      message: expect.stringContaining('name one of sentiment, emoji'),
    })
    await expect(openHubDataSet('someone/tweets', { hub: client, config: 'irony' })).rejects.toMatchObject({
      code: 'DATASET_CONFIG_UNKNOWN',
      message: expect.stringContaining('expected one of sentiment, emoji'),
    })
    await expect(
      openHubDataSet('someone/tweets', { hub: client, config: 'sentiment', splits: ['test'] }),
    ).rejects.toMatchObject({
      code: 'DATASET_SPLIT_UNKNOWN',
      message: expect.stringContaining('expected one of train, validation'),
    })
  })

  test('without notes in its files has the labels of its card, or those in its cells', async () => {
    const { hub, client } = await openTestHub()
    const named = { 'sentiment/train-00000-of-00001.parquet': plainParquet({ text: ['a', 'b'], label: [0, 1] }) }
    hub.add({ type: 'dataset', name: 'someone/card', files: { ...named, 'README.md': CARD } })
    expect((await openHubDataSet('someone/card', { hub: client })).labels).toEqual(['bad', 'good'])
    const cells = plainParquet({ id: ['1', '2'], review: ['fine', 'poor'], sentiment: ['good', 'bad'] })
    hub.add({ type: 'dataset', name: 'someone/cells', files: { 'data/train-00000-of-00001.parquet': cells } })
    expect(await openHubDataSet('someone/cells', { hub: client })).toMatchObject({
      config: 'default',
      labels: null,
      labelColumns: ['sentiment'],
      textColumns: ['review', 'id'],
    })
  })

  test('without Parquet of its own is taken from the conversion, whose commit it then has', async () => {
    const { hub, client, notices, takeRequests } = await openTestHub()
    const refs = {
      'refs/convert/parquet': { 'default/partial-train/0000.parquet': POSTS, 'default/test/0000.parquet': POSTS },
    }
    const files = { 'posts.csv': 'text,label\n', 'README.md': '# Posts\n' }
    const own = hub.add({ type: 'dataset', name: 'someone/posts', files, refs })
    const opened = await openHubDataSet('someone/posts', { hub: client })
    expect(opened).toMatchObject({
      config: 'default',
      isConverted: true,
      labels: LABELS,
      splits: [
        { name: 'train', rows: 6 },
        { name: 'test', rows: 6 },
      ],
    })
    expect(opened.revision).not.toBe(own)
    expect(notices).toEqual(['the Hub converted only the beginning of train of the data set someone/posts'])
    expect(takeRequests()).toContain('hub GET /api/datasets/someone/posts/revision/refs%2Fconvert%2Fparquet')
    const again = await openHubDataSet('someone/posts', { hub: client, revision: opened.revision })
    expect({ ...again, isConverted: true }).toEqual(opened)
    expect(takeRequests()).toEqual([])
    await expect(openHubDataSet('someone/posts', { hub: client, revision: own })).rejects.toMatchObject({
      code: 'DATASET_FILES_MISSING',
      message: expect.stringContaining('converts the newest only'),
    })
  })

  test('with Parquet for some configurations only is taken from the conversion for the others', async () => {
    const { hub, client } = await openTestHub()
    const card =
      '---\nconfigs:\n- {config_name: a, data_files: a/*.parquet}\n- {config_name: b, data_files: b/*.csv}\n---\n'
    const files = { 'README.md': card, 'a/train.parquet': POSTS, 'b/train.csv': 'text\n' }
    const converted = { 'a/train/0000.parquet': POSTS, 'b/train/0000.parquet': POSTS }
    hub.add({ type: 'dataset', name: 'someone/mixed', files, refs: { 'refs/convert/parquet': converted } })
    const open = async (config?: string): Promise<boolean> =>
      (await openHubDataSet('someone/mixed', { hub: client, ...(config ? { config } : {}) })).isConverted
    expect(await open('a')).toBe(false)
    expect(await open('b')).toBe(true)
    await expect(open()).rejects.toMatchObject({ code: 'DATASET_CONFIG_REQUIRED' })
    hub.add({ type: 'dataset', name: 'someone/own', files })
    await expect(openHubDataSet('someone/own', { hub: client, config: 'b' })).rejects.toMatchObject({
      code: 'DATASET_CONFIG_UNKNOWN',
    })
  })

  test('offline is what it was, conversion included', async () => {
    const { hub, client, withEnv } = await openTestHub()
    const refs = { 'refs/convert/parquet': { 'default/train/0000.parquet': POSTS } }
    hub.add({ type: 'dataset', name: 'someone/posts', files: { 'posts.csv': 'text,label\n' }, refs })
    const opened = await openHubDataSet('someone/posts', { hub: client })
    await hub.close()
    expect(await openHubDataSet('someone/posts', { hub: withEnv({ HF_HUB_OFFLINE: 'yes' }) })).toEqual(opened)
  })

  test('that is only a script is refused with the reason and the way out', async () => {
    const { hub, client } = await openTestHub()
    hub.add({ type: 'dataset', name: 'someone/posts140', files: { 'posts140.py': 'import os\n', 'README.md': '' } })
    await expect(openHubDataSet('someone/posts140', { hub: client })).rejects.toMatchObject({
      code: 'DATASET_SCRIPT_ONLY',
      message: expect.stringMatching(/only as a program, posts140\.py.*never run here.*give them as files/),
    })
  })

  test('without Parquet anywhere, or that does not exist, is refused', async () => {
    const { hub, client } = await openTestHub()
    hub.add({ type: 'dataset', name: 'someone/images', files: { 'a.png': 'x' } })
    await expect(openHubDataSet('someone/images', { hub: client })).rejects.toMatchObject({
      code: 'DATASET_FILES_MISSING',
    })
    await expect(openHubDataSet('someone/nothing', { hub: client })).rejects.toMatchObject({ code: 'HUB_NOT_FOUND' })
    await expect(openHubDataSet('../nothing', { hub: client })).rejects.toMatchObject({ code: 'HUB_NAME_INVALID' })
  })

  test('with a file that is no Parquet is refused by the reader of files', async () => {
    const { hub, client } = await openTestHub()
    hub.add({ type: 'dataset', name: 'someone/broken', files: { 'train.parquet': 'not Parquet at all' } })
    await expect(openHubDataSet('someone/broken', { hub: client })).rejects.toMatchObject({ code: 'PARQUET_INVALID' })
  })
})
