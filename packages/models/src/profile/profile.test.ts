// Tests of the reference profile of a model: what it is made of, where it lies, that it isn't taken on trust.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { referencePosts } from '@renown/reputation'
import { afterEach, describe, expect, test } from 'vitest'
import { listPublishable } from '../hub/publish/publishable-files.ts'
import { openModelFolder } from '../open-model-folder.ts'
import { recordEvaluation } from '../record-evaluation.ts'
import { openRegistry } from '../registry/registry.ts'
import { BY } from '../registry/test-registry.ts'
import { copyModelFolder, EVALUATION, removeTemporaryFolders, temporaryFolder } from '../test-fixtures.ts'
import { makeProfile } from './make-profile.ts'
import { readProfile } from './profile-file.ts'

afterEach(removeTemporaryFolders)

const POSTS = {
  texts: ['the bread is good', 'the bread is late', 'bread'],
  classes: [2, 0, 1],
  probabilities: [
    [0.1, 0.1, 0.8],
    [0.2, 0.5, 0.3],
    [0.1, 0.8, 0.1],
  ],
}

async function recordProfile(): Promise<string> {
  const folder = await copyModelFolder()
  const { manifest } = await openModelFolder(folder)
  await recordEvaluation(folder, EVALUATION, await makeProfile({ path: folder, manifest }, POSTS))
  return folder
}

describe('the reference profile', () => {
  test('counts posts by their true label and the one that the model gave', async () => {
    const path = await copyModelFolder()
    const { manifest } = await openModelFolder(path)
    const profile = await makeProfile({ path, manifest }, POSTS)
    expect(profile?.posts).toEqual([
      [0, 1, 0],
      [0, 1, 0],
      [0, 0, 1],
    ])
  })

  test('finds the sentiments wherever they stand among the labels', async () => {
    const path = await copyModelFolder()
    const { manifest } = await openModelFolder(path)
    const turned = { ...manifest, labels: ['POS', 'NEG', 'NEU'] }
    const profile = await makeProfile({ path, manifest: turned }, { ...POSTS, texts: ['bread'], classes: [1] })
    expect(profile?.posts[0]).toEqual([0, 1, 0])
  })

  test('is not made for other labels', async () => {
    const path = await copyModelFolder()
    const { manifest } = await openModelFolder(path)
    expect(await makeProfile({ path, manifest: { ...manifest, labels: ['no', 'yes'] } }, POSTS)).toBeNull()
  })

  test('is recorded with an evaluation, without words, and read back; the hash of the model stays', async () => {
    const before = await openModelFolder(await copyModelFolder())
    const folder = await openModelFolder(await recordProfile())
    expect(folder.hash).toBe(before.hash)
    expect(await readFile(join(folder.path, 'reference-profile.json'), 'utf8')).not.toMatch(/bread|good|late/)
    const stored = await readProfile(folder)
    expect(stored?.source).toEqual({ dataSet: EVALUATION.dataSet, split: 'test', sha256: EVALUATION.sha256 })
    expect(stored?.reference).toEqual(await makeProfile(folder, POSTS))
    expect(referencePosts(stored!.reference)).toBe(3)
  })

  test('stays where an evaluation is recorded without one', async () => {
    const folder = await recordProfile()
    await recordEvaluation(folder, { ...EVALUATION, split: 'other' })
    expect(await readProfile(await openModelFolder(folder))).not.toBeNull()
  })

  test('goes with the model into a registry and to the Hub', async () => {
    const path = await recordProfile()
    const registry = openRegistry(await temporaryFolder())
    const { version } = await registry.add(path, BY)
    const kept = await registry.show(version.version)
    expect(await readProfile(await openModelFolder(kept.path))).not.toBeNull()
    const names = (await listPublishable(await openModelFolder(path))).map((file) => file.path)
    expect(names).toContain('reference-profile.json')
  })

  test('is nothing for a model that has none', async () => {
    expect(await readProfile(await openModelFolder(await copyModelFolder()))).toBeNull()
  })

  test('is refused where it is not the one that the manifest describes', async () => {
    const folder = await recordProfile()
    await writeFile(join(folder, 'reference-profile.json'), '{}')
    await expect(readProfile(await openModelFolder(folder))).rejects.toMatchObject({ code: 'MODEL_HASH_MISMATCH' })
  })

  test.each([
    ['no JSON', 'oops', 'MANIFEST_INVALID'],
    ['another shape', '{"format":1,"source":{"dataSet":"a","split":"b","sha256":"c"},"known":""}', 'MANIFEST_INVALID'],
  ])('is refused where it holds %s', async (_name, text, code) => {
    const path = await recordProfile()
    await writeFile(join(path, 'reference-profile.json'), text)
    const { manifest } = await openModelFolder(path)
    const { createHash } = await import('node:crypto')
    const sha256 = createHash('sha256').update(text).digest('hex')
    await expect(readProfile({ path, manifest: { ...manifest, profile: { sha256, bytes: 1 } } })).rejects.toMatchObject(
      {
        code,
      },
    )
  })
})
