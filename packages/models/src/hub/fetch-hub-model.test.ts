// Tests of models from the Hub, over HTTP.
import { lstat, mkdir, readdir, readFile, readlink, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { hashFile } from '../hash-file.ts'
import { resolveModel } from '../resolve-model.ts'
import { copyModelFolder, FIXTURES, removeTemporaryFolders, temporaryFolder } from '../test-fixtures.ts'
import { fetchHubModel } from './fetch-hub-model.ts'
import { openTestHub, stopStandIns, type TestHub, TOKEN } from './test-hub.ts'
import { readFolder } from './testing/hub-stand-in.ts'
import { gitHash } from './testing/stand-in-repositories.ts'

afterEach(stopStandIns)
afterEach(removeTemporaryFolders)

const PUBLISHED = ['config.json', 'vocab.json', 'merges.txt', 'pytorch_model.bin']

async function openPickledModel(): Promise<TestHub & { commit: string }> {
  const test = await openTestHub()
  const files = await readFolder(join(FIXTURES, 'tiny-roberta'), PUBLISHED)
  const commit = test.hub.add({
    name: 'someone/twitter-tiny',
    files: { ...files, 'tf_model.h5': 'not read', 'README.md': '# Tiny\n', '.gitattributes': '*.bin filter=lfs\n' },
  })
  return { ...test, commit }
}

describe('a model of the Hub', () => {
  test('with pickled weights is fetched into the standard cache and opened', async () => {
    const { client, cache, commit, takeRequests } = await openPickledModel()
    const home = await temporaryFolder()
    const folder = await resolveModel('hf:someone/twitter-tiny', { home, hub: client })
    expect(folder).toMatchObject({
      path: join(cache, 'models--someone--twitter-tiny', 'snapshots', commit),
      origin: { name: 'someone/twitter-tiny', revision: commit },
      card: '# Tiny\n',
      derived: true,
      manifest: { name: 'someone/twitter-tiny', preparation: { mentions: '@user' } },
    })
    expect(Object.keys(folder.manifest.files).sort()).toEqual([...PUBLISHED].sort())
    expect(await hashFile(join(folder.path, 'pytorch_model.bin'))).toEqual(
      await hashFile(join(FIXTURES, 'tiny-roberta', 'pytorch_model.bin')),
    )
    expect(takeRequests().filter((request) => /tf_model|gitattributes/.test(request))).toEqual([])
  })

  test('lies in the cache as huggingface_hub lays it out', async () => {
    const { client, cache, commit } = await openPickledModel()
    await fetchHubModel('hf:someone/twitter-tiny', { hub: client })
    const folder = join(cache, 'models--someone--twitter-tiny')
    expect(await readdir(cache)).toEqual(['models--someone--twitter-tiny'])
    expect((await readdir(folder)).sort()).toEqual(['blobs', 'refs', 'snapshots', 'trees'])
    expect(await readFile(join(folder, 'refs', 'main'), 'utf8')).toBe(commit)
    const weights = join(folder, 'snapshots', commit, 'pytorch_model.bin')
    const { sha256 } = await hashFile(weights)
    expect(await readlink(weights)).toBe(join('..', '..', 'blobs', sha256))
    expect(
      (await readdir(join(folder, 'blobs'))).filter((name) => !/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(name)),
    ).toEqual([])
  })

  test('is not asked for again: a commit asks nothing, a branch for its commit', async () => {
    const { client, commit, takeRequests } = await openPickledModel()
    const first = await fetchHubModel('hf:someone/twitter-tiny', { hub: client })
    takeRequests()
    expect(await fetchHubModel(`hf:someone/twitter-tiny@${commit}`, { hub: client })).toEqual(first)
    expect(takeRequests()).toEqual([])
    expect(await fetchHubModel('hf:someone/twitter-tiny@main', { hub: client })).toEqual(first)
    expect(takeRequests()).toEqual(['hub GET /api/models/someone/twitter-tiny/revision/main'])
  })

  test('follows its branch, and fetches only what changed', async () => {
    const { client, hub, commit, takeRequests } = await openPickledModel()
    await fetchHubModel('hf:someone/twitter-tiny', { hub: client })
    const files = await readFolder(join(FIXTURES, 'tiny-roberta'), PUBLISHED)
    const next = hub.commit('someone/twitter-tiny', { ...files, 'README.md': '# Tiny, second edition\n' })
    takeRequests()
    expect((await fetchHubModel('hf:someone/twitter-tiny', { hub: client })).revision).toBe(next)
    expect(takeRequests().filter((request) => request.includes('/resolve/'))).toEqual([
      `hub GET /someone/twitter-tiny/resolve/${next}/README.md`,
    ])
    expect(next).not.toBe(commit)
  })

  test('without a network is what the cache has, and says so; offline nothing is asked', async () => {
    const { client, hub, commit, notices, takeRequests, withEnv } = await openPickledModel()
    await fetchHubModel('hf:someone/twitter-tiny', { hub: client })
    takeRequests()
    const offline = withEnv({ HF_HUB_OFFLINE: '1' })
    expect((await fetchHubModel('hf:someone/twitter-tiny', { hub: offline })).revision).toBe(commit)
    expect(takeRequests()).toEqual([])
    await hub.close()
    expect((await fetchHubModel('hf:someone/twitter-tiny', { hub: client })).revision).toBe(commit)
    expect(notices).toEqual([expect.stringMatching(/can't be reached .* using commit [0-9a-f]{12} of the model/)])
    await expect(fetchHubModel('hf:someone/other', { hub: offline })).rejects.toMatchObject({
      code: 'HUB_UNREACHABLE',
      message: expect.stringContaining('HF_HUB_OFFLINE is set'),
    })
  })

  test('of a cache that lies elsewhere and is linked, or that can hold no links, opens as well', async () => {
    const { client, cache, withEnv } = await openPickledModel()
    const home = await temporaryFolder()
    const link = join(home, 'cache')
    await symlink(cache, link)
    await resolveModel('hf:someone/twitter-tiny', { home, hub: withEnv({ HF_HUB_CACHE: link }) })
    await rm(join(cache, 'models--someone--twitter-tiny'), { recursive: true })
    const copied = await resolveModel('hf:someone/twitter-tiny', {
      home,
      hub: withEnv({ HF_HUB_DISABLE_SYMLINKS: '1' }),
    })
    expect((await lstat(join(copied.path, 'config.json'))).isSymbolicLink()).toBe(false)
    expect((await resolveModel('hf:someone/twitter-tiny', { home, hub: client })).hash).toBe(copied.hash)
  })

  test('in a cache as huggingface_hub 2 writes it is read: shared blobs, locks, no listing', async () => {
    const { hub, cache, client, notices, takeRequests, withEnv } = await openTestHub()
    const source = await copyModelFolder()
    const files = await readFolder(source)
    const commit = hub.add({ name: 'someone/ours', files })
    const folder = join(cache, 'models--someone--ours')
    await layOut(folder, commit, files)
    const home = await temporaryFolder()
    const offline = withEnv({ HF_HUB_OFFLINE: '1' })
    expect(await resolveModel('hf:someone/ours', { home, hub: offline })).toMatchObject({ derived: false })
    expect(takeRequests()).toEqual([])
    await resolveModel(`hf:someone/ours@${commit}`, { home, hub: client })
    expect(takeRequests()).toEqual([`hub GET /api/models/someone/ours/tree/${commit}`])
    await resolveModel(`hf:someone/ours@${commit}`, { home, hub: client })
    expect(takeRequests()).toEqual([])
    await rm(join(folder, 'trees'), { recursive: true })
    await hub.close()
    await resolveModel(`hf:someone/ours@${commit}`, { home, hub: client })
    expect(notices).toEqual([expect.stringContaining('using what the cache has of the model someone/ours')])
    await rm(join(folder, 'snapshots', commit, 'vocab.txt'))
    await rm(join(folder, 'snapshots', commit, 'tokenizer.json'))
    await expect(resolveModel('hf:someone/ours', { home, hub: offline })).rejects.toMatchObject({
      code: 'MODEL_FILE_MISSING',
      message: "the model someone/ours lacks a tokenizer in the cache, and the Hub can't be asked",
    })
  })

  test('of which another tool fetched all but the card opens without a network', async () => {
    const { client, hub, withEnv } = await openPickledModel()
    const { path } = await fetchHubModel('hf:someone/twitter-tiny', { hub: client })
    const card = join(path, 'README.md')
    const blob = await realpath(card)
    await Promise.all([rm(card), rm(blob)])
    await hub.close()
    const offline = withEnv({ HF_HUB_OFFLINE: '1' })
    expect((await fetchHubModel('hf:someone/twitter-tiny', { hub: offline })).path).toBe(path)
    await rm(await realpath(join(path, 'merges.txt')))
    await expect(fetchHubModel('hf:someone/twitter-tiny', { hub: offline })).rejects.toMatchObject({
      code: 'HUB_UNREACHABLE',
      message: 'HF_HUB_OFFLINE is set, and merges.txt of the model someone/twitter-tiny is not in the cache',
    })
  })

  test('that Renown published is fetched whole and checked against its manifest', async () => {
    const { client, hub } = await openTestHub()
    const folder = await copyModelFolder()
    hub.add({ name: 'someone/ours', files: await readFolder(folder) })
    const home = await temporaryFolder()
    const opened = await resolveModel('hf:someone/ours', { home, hub: client })
    expect(opened).toMatchObject({ derived: false, manifest: { name: 'tiny' } })
    for (const name of Object.keys(opened.manifest.files)) {
      expect(await hashFile(join(opened.path, name))).toEqual(await hashFile(join(folder, name)))
    }
  })

  test.each([
    [{ 'README.md': 'x' }, 'lacks config.json'],
    [{ 'config.json': '{}', 'model.safetensors': 'x' }, 'lacks a tokenizer'],
    [{ 'config.json': '{}', 'vocab.txt': 'x', 'weights.h5': 'x' }, 'lacks weights'],
  ])('that holds too little is refused', async (files, message) => {
    const { client, hub } = await openTestHub()
    hub.add({ name: 'someone/part', files })
    await expect(fetchHubModel('hf:someone/part', { hub: client })).rejects.toMatchObject({
      code: 'MODEL_FILE_MISSING',
      message: expect.stringContaining(message),
    })
  })

  test.each(['hf:', 'hf:a/b/c', 'hf:../../etc', 'hf:/etc/passwd', 'hf:a/..', 'hf:a/b@../x', 'hf:a/b@', 'hf:a b/c'])(
    '%s is no reference',
    async (reference) => {
      const { client, takeRequests } = await openTestHub()
      await expect(fetchHubModel(reference, { hub: client })).rejects.toMatchObject({ code: 'HUB_NAME_INVALID' })
      expect(takeRequests()).toEqual([])
    },
  )

  test('that is private wants the token, which goes to the Hub alone', async () => {
    const { hub, client, withEnv } = await openTestHub({ token: TOKEN })
    const files = await readFolder(join(FIXTURES, 'tiny-roberta'), PUBLISHED)
    hub.add({ name: 'someone/secret', files, isPrivate: true })
    await expect(fetchHubModel('hf:someone/secret', { hub: client })).rejects.toMatchObject({
      code: 'HUB_NOT_FOUND',
      message: expect.stringMatching(/does not exist, or it is private and HF_TOKEN is not set/),
    })
    await fetchHubModel('hf:someone/secret', { hub: withEnv({ HF_TOKEN: TOKEN }) })
    const fromCdn = hub.requests.filter(({ host }) => host === 'cdn')
    expect(fromCdn.length).toBeGreaterThan(0)
    expect(fromCdn.filter(({ isAuthorized }) => isAuthorized)).toEqual([])
    expect(hub.requests.slice(1).filter(({ host, isAuthorized }) => host === 'hub' && !isAuthorized)).toEqual([])
  })
})

/** What huggingface_hub leaves where blobs are shared between repositories: links to links. */
async function layOut(folder: string, commit: string, files: Readonly<Record<string, Buffer>>): Promise<void> {
  const shared = join(folder, '..', 'blobs', 'ab')
  for (const place of ['blobs', 'refs', join('snapshots', commit), join('.no_exist', commit)]) {
    await mkdir(join(folder, place), { recursive: true })
  }
  await mkdir(shared, { recursive: true })
  await mkdir(join(folder, '..', '.locks', 'models--someone--ours'), { recursive: true })
  await writeFile(join(folder, '..', 'CACHEDIR.TAG'), 'Signature: 8a477f597d28d172789f06886806bc55')
  await writeFile(join(folder, 'refs', 'main'), commit)
  await writeFile(join(folder, '.no_exist', commit, 'added_tokens.json'), '')
  for (const [path, content] of Object.entries(files)) {
    const hash = gitHash(content)
    await writeFile(join(shared, hash), content)
    await symlink(join('..', '..', 'blobs', 'ab', hash), join(folder, 'blobs', hash))
    await symlink(join('..', '..', 'blobs', hash), join(folder, 'snapshots', commit, path))
  }
}
