// What a Parquet file's footer says, as pyarrow and another writer write it.
import { writeFileSync } from 'node:fs'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { afterAll, expect, test } from 'vitest'
import { describeParquet } from './describe-parquet.ts'
import { createTestFolder, fixture } from './test-files.ts'

const folder = createTestFolder()
afterAll(() => folder.remove())

test('rows, columns and which of them hold text are known without reading a row', async () => {
  const { rows, columns } = await describeParquet(fixture('posts.snappy.parquet'))
  expect(rows).toBe(12)
  expect(columns.filter(({ isText }) => isText).map(({ name }) => name)).toEqual(['text', 'label'])
  expect(columns.map(({ name }) => name)).toContain('user')
})

test('notes beside the schema are read', async () => {
  const bytes = parquetWriteBuffer({
    columnData: [{ name: 'text', data: ['one'], type: 'STRING' }],
    kvMetadata: [{ key: 'huggingface', value: '{"info":{}}' }],
  })
  const path = folder.write('noted.parquet', new Uint8Array(bytes))
  expect(await describeParquet(path)).toEqual({
    rows: 1,
    columns: [{ name: 'text', isText: true }],
    notes: { huggingface: '{"info":{}}' },
  })
})

test('a file that is none, is cut off or is missing has a code', async () => {
  const path = folder.write('cut.parquet', 'PAR1 and then nothing of the kind')
  await expect(describeParquet(path)).rejects.toMatchObject({ code: 'PARQUET_INVALID' })
  writeFileSync(path, '')
  await expect(describeParquet(path)).rejects.toHaveProperty('code')
  await expect(describeParquet(`${path}.gone`)).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' })
})
