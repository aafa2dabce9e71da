// Tests with Hugging Face's own client: what we publish it downloads, what it publishes we diff, and the stand-in knows both.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  createBranch,
  createRepo,
  downloadFile,
  listCommits,
  listFiles,
  modelInfo,
  uploadFiles,
  whoAmI,
} from '@huggingface/hub'
import { afterEach, expect, test } from 'vitest'
import { removeTemporaryFolders } from '../../test-fixtures.ts'
import { stopStandIns, TOKEN } from '../test-hub.ts'
import { publishModel } from './publish-model.ts'
import { addLarge, makeModel, NAME, openWritableHub } from './test-publish.ts'

afterEach(stopStandIns)
afterEach(removeTemporaryFolders)

test('a published folder is downloaded by the client library byte for byte', async () => {
  const { hub, client } = await openWritableHub({ partBytes: 60_000 })
  const model = await addLarge(await makeModel(), 'extra/notes.bin', 150_000)
  const { commit } = await publishModel(model, { to: NAME, hub: client, private: true })
  const own = { repo: NAME, hubUrl: hub.url, accessToken: TOKEN }
  const listed: string[] = []
  for await (const { path, type } of listFiles({ ...own, recursive: true })) if (type === 'file') listed.push(path)
  const names = [...Object.keys(model.manifest.files), 'renown.json', 'README.md']
  expect(listed.filter((path) => path !== '.gitattributes').sort()).toEqual(names.sort())
  for (const path of names) {
    for (const revision of ['main', 'v1.0.0']) {
      const blob = await downloadFile({ ...own, path, revision, xet: false })
      expect(Buffer.from((await blob?.arrayBuffer()) ?? new ArrayBuffer(0))).toEqual(
        await readFile(join(model.path, path)),
      )
    }
  }
  expect(await modelInfo({ name: NAME, hubUrl: hub.url, accessToken: TOKEN })).toMatchObject({ private: true })
  const commits: string[] = []
  for await (const { oid } of listCommits(own)) commits.push(oid)
  expect(commits[0]).toBe(commit)
})

test.each([undefined, 60_000])(
  'what the client library publishes is what we would (parts of %s bytes)',
  async (partBytes) => {
    const { hub, client } = await openWritableHub(partBytes === undefined ? {} : { partBytes })
    const model = await makeModel()
    const own = { repo: NAME, hubUrl: hub.url, accessToken: TOKEN }
    await createRepo(own)
    const names = [...Object.keys(model.manifest.files), 'renown.json', 'README.md']
    const files = await Promise.all(
      names.map(async (path) => ({ path, content: new Blob([await readFile(join(model.path, path))]) })),
    )
    await uploadFiles({ ...own, files, commitTitle: 'By the library', useXet: false })
    const published = await publishModel(model, { to: NAME, hub: client })
    expect(published.changes.filter(({ kind }) => kind !== 'unchanged')).toEqual([])
    expect(published.isCommitted).toBe(false)
    const late = uploadFiles({ ...own, files, useXet: false, parentCommit: '0'.repeat(40) })
    await expect(late).rejects.toMatchObject({ statusCode: 412 })
  },
)

test('the stand-in answers the client library as the Hub does: names, branches, refusals', async () => {
  const { hub } = await openWritableHub({ owners: ['someone', 'together'] })
  const own = { repo: NAME, hubUrl: hub.url, accessToken: TOKEN }
  expect(await whoAmI(own)).toMatchObject({ name: 'someone', orgs: [{ name: 'together' }] })
  await createRepo(own)
  await expect(createRepo(own)).rejects.toMatchObject({ statusCode: 409 })
  await expect(createRepo({ ...own, repo: 'other/mood' })).rejects.toMatchObject({ statusCode: 403 })
  await createBranch({ ...own, branch: 'trial' })
  expect(hub.inspect(NAME, 'trial')?.commit).toBe(hub.inspect(NAME)?.commit)
  await expect(createRepo({ ...own, accessToken: 'hf_expired' })).rejects.toMatchObject({ statusCode: 401 })
})
