// Tests of publishing over real HTTP: what arrives is what was sent, at once or not at all.
import { readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterEach, describe, expect, test } from 'vitest'
import { openModelFolder } from '../../open-model-folder.ts'
import { resolveModel } from '../../resolve-model.ts'
import { removeTemporaryFolders, temporaryFolder } from '../../test-fixtures.ts'
import { stopStandIns, TOKEN } from '../test-hub.ts'
import { checkPublishing, type Publication, publishModel } from './publish-model.ts'
import { addLarge, describeFiles, makeModel, makeNext, NAME, openWritableHub } from './test-publish.ts'

afterEach(stopStandIns)
afterEach(removeTemporaryFolders)

const WRITES = /POST .*(create|commit\/|tag\/)|PUT/

function kindsOf({ changes }: Publication): Record<string, string> {
  return Object.fromEntries(changes.map(({ path, kind }) => [path, kind]))
}

describe('a model that is published', () => {
  test('is the same byte for byte when it is fetched again, and opens as the same model', async () => {
    const { hub, client } = await openWritableHub()
    const model = await makeModel()
    const published = await publishModel(model, { to: NAME, hub: client })
    expect(published).toMatchObject({ isNew: true, isCommitted: true, isPrivate: false, tag: 'v1.0.0', hadTag: false })
    expect(hub.inspect(NAME)?.commit).toBe(published.commit)
    expect(hub.inspect(NAME, 'v1.0.0')?.commit).toBe(published.commit)
    const fetched = await resolveModel(`hf:${NAME}@v1.0.0`, { home: await temporaryFolder(), hub: client })
    expect(fetched).toMatchObject({ hash: model.hash, card: model.card, origin: { revision: published.commit } })
    for (const name of [...Object.keys(model.manifest.files), 'renown.json', 'README.md']) {
      expect(await readFile(join(fetched.path, name))).toEqual(await readFile(join(model.path, name)))
    }
  })

  test('has nothing of the folder but the files of its manifest, the manifest and the card', async () => {
    const { hub, client } = await openWritableHub()
    const model = await makeModel()
    await writeFile(join(model.path, 'report.html'), 'a post that somebody wrote')
    await writeFile(join(model.path, 'trainer_state.json'), '{}')
    await publishModel(model, { to: NAME, hub: client })
    const names = [...Object.keys(model.manifest.files), 'renown.json', 'README.md', '.gitattributes']
    expect([...(hub.inspect(NAME)?.files.keys() ?? [])].sort()).toEqual(names.sort())
  })

  test('is private where that is asked for, and not published where the name is a public one', async () => {
    const { hub, client } = await openWritableHub()
    const model = await makeModel()
    const published = await publishModel(model, { to: NAME, hub: client, private: true })
    expect(published.isPrivate).toBe(true)
    hub.add({ name: 'someone/known', files: { 'notes.txt': 'x' } })
    const before = hub.inspect('someone/known')
    await expect(publishModel(model, { to: 'someone/known', hub: client, private: true })).rejects.toMatchObject({
      code: 'PUBLISH_REFUSED',
      message: expect.stringContaining('is public'),
    })
    expect(hub.inspect('someone/known')).toEqual(before)
  })

  test('replaces the version before in one commit, and leaves what people have put beside it', async () => {
    const { hub, client, takeRequests } = await openWritableHub()
    hub.add({ name: NAME, files: { 'notes.md': 'ours', 'pytorch_model.bin': 'old', 'vocab.json': '{}' } })
    const published = await publishModel(await makeModel(), { to: NAME, hub: client })
    expect(kindsOf(published)).toMatchObject({ 'pytorch_model.bin': 'removed', 'vocab.json': 'removed' })
    expect(kindsOf(published)).not.toHaveProperty('notes.md')
    const files = hub.inspect(NAME)?.files
    expect(files?.has('notes.md')).toBe(true)
    expect(files?.has('pytorch_model.bin')).toBe(false)
    expect(takeRequests().filter((request) => request.includes('/commit/'))).toHaveLength(1)
  })

  test('takes the place of the commit that it was compared with, and of no other', async () => {
    const { hub, client } = await openWritableHub()
    const model = await makeModel()
    const place = await checkPublishing({ to: NAME, hub: client })
    expect(place).toEqual({ name: NAME, commit: null })
    const { commit } = await publishModel(model, { to: NAME, hub: client, expect: place.commit })
    expect(await checkPublishing({ to: NAME, hub: client })).toEqual({ name: NAME, commit })
    const next = await makeNext(model, '2.0.0')
    for (const expected of [null, 'f'.repeat(40)]) {
      await expect(publishModel(next, { to: NAME, hub: client, expect: expected })).rejects.toMatchObject({
        code: 'HUB_CONFLICT',
        message: expect.stringContaining(`got ${commit}`),
      })
    }
    expect(hub.inspect(NAME)?.commit).toBe(commit)
    expect(await publishModel(next, { to: NAME, hub: client, expect: commit })).toMatchObject({ isCommitted: true })
  })

  test('goes to the owner of HF_USERNAME where none is named', async () => {
    const { hub, client } = await openWritableHub()
    await publishModel(await makeModel(), { to: 'mood', owner: 'someone', hub: client })
    expect(hub.inspect(NAME)).not.toBeNull()
    await expect(publishModel(await makeModel(), { to: 'mood', hub: client })).rejects.toMatchObject({
      code: 'HUB_NAME_INVALID',
      message: expect.stringContaining('HF_USERNAME'),
    })
  })

  test('in parts arrives whole', async () => {
    const { hub, client } = await openWritableHub({ partBytes: 100_000 })
    const model = await addLarge(await makeModel(), 'extra/notes.bin', 250_001)
    await publishModel(model, { to: NAME, hub: client })
    const sent = hub.inspect(NAME)?.files.get('extra/notes.bin')?.content
    expect(sent).toEqual(await readFile(join(model.path, 'extra/notes.bin')))
    expect(hub.requests.filter(({ method, url }) => method === 'PUT' && url.includes('part='))).not.toHaveLength(0)
  })
})

describe('publishing again', () => {
  test('what is there already sends nothing and makes no commit', async () => {
    const { client, takeRequests } = await openWritableHub()
    const model = await makeModel()
    const first = await publishModel(model, { to: NAME, hub: client })
    takeRequests()
    const second = await publishModel(model, { to: NAME, hub: client })
    expect(second).toMatchObject({ isNew: false, isCommitted: false, commit: first.commit, hadTag: true })
    expect(takeRequests().filter((request) => WRITES.test(request))).toEqual([])
  })

  test('sends only what differs', async () => {
    const { client, hub, takeRequests } = await openWritableHub()
    const model = await makeModel()
    await publishModel(model, { to: NAME, hub: client })
    takeRequests()
    const next = await makeNext(model, '1.1.0')
    const published = await publishModel(next, { to: NAME, hub: client })
    expect(kindsOf(published)).toEqual({
      'README.md': 'changed',
      'config.json': 'unchanged',
      'model.safetensors': 'unchanged',
      'renown.json': 'changed',
      'tokenizer.json': 'unchanged',
      'tokenizer_config.json': 'unchanged',
      'vocab.txt': 'changed',
    })
    expect(takeRequests().filter((request) => request.includes('PUT'))).toEqual([])
    expect(hub.inspect(NAME, 'v1.1.0')?.commit).toBe(published.commit)
  })

  test('large files that arrived before a failure are not sent twice', async () => {
    const { client, hub, takeRequests } = await openWritableHub()
    const model = await makeModel()
    hub.addFault({ match: /commit\/main/, fault: { kind: 'status', status: 418 } })
    await expect(publishModel(model, { to: NAME, hub: client })).rejects.toMatchObject({ code: 'HUB_RESPONSE_INVALID' })
    expect([...(hub.inspect(NAME)?.files.keys() ?? [])]).toEqual(['.gitattributes'])
    expect(takeRequests().filter((request) => request.includes('PUT'))).toHaveLength(1)
    await publishModel(model, { to: NAME, hub: client })
    expect(takeRequests().filter((request) => request.includes('PUT'))).toEqual([])
  })
})

test('a dry run says what would change, and changes nothing', async () => {
  const { client, hub, takeRequests } = await openWritableHub()
  const model = await makeModel()
  const first = await publishModel(model, { to: NAME, hub: client, dryRun: true })
  expect(first).toMatchObject({ isNew: true, commit: null, isCommitted: false, tag: 'v1.0.0' })
  expect(new Set(Object.values(kindsOf(first)))).toEqual(new Set(['added']))
  expect(hub.inspect(NAME)).toBeNull()
  await publishModel(model, { to: NAME, hub: client })
  const before = hub.inspect(NAME)
  takeRequests()
  const next = await publishModel(await makeNext(model, '2'), { to: NAME, hub: client, dryRun: true })
  expect(kindsOf(next)).toMatchObject({ 'vocab.txt': 'changed', 'config.json': 'unchanged' })
  expect(next.changes.find(({ path }) => path === 'vocab.txt')?.bytes).toBe(14)
  expect(hub.inspect(NAME)).toEqual(before)
  expect(takeRequests().filter((request) => /POST|PUT/.test(request))).toEqual([])
})

describe('a tag that exists', () => {
  test('stays where it is if it has other files, and nothing is published', async () => {
    const { client, hub } = await openWritableHub()
    const model = await makeModel()
    const { commit } = await publishModel(model, { to: NAME, hub: client })
    const next = await makeNext(model, '2')
    await expect(publishModel(next, { to: NAME, hub: client, tag: 'v1.0.0' })).rejects.toMatchObject({
      code: 'HUB_TAG_EXISTS',
      message: expect.stringContaining(`tag v1.0.0 already, of commit ${commit}`),
    })
    expect(hub.inspect(NAME)?.commit).toBe(commit)
  })

  test('is fine if it has the same files, as when an earlier version is published again', async () => {
    const { client, hub } = await openWritableHub()
    const model = await makeModel()
    const first = await publishModel(model, { to: NAME, hub: client })
    await publishModel(await makeNext(model, '2'), { to: NAME, hub: client })
    const third = await publishModel(await makeModel(), { to: NAME, hub: client })
    expect(third).toMatchObject({ isCommitted: true, hadTag: true })
    expect(hub.inspect(NAME, 'v1.0.0')?.commit).toBe(first.commit)
    expect(hub.inspect(NAME)?.commit).toBe(third.commit)
  })

  test('can be left out', async () => {
    const { client, hub } = await openWritableHub()
    await publishModel(await makeModel(), { to: NAME, hub: client, tag: null })
    expect(hub.inspect(NAME, 'v1.0.0')).toBeNull()
  })

  test.each(['main', 'a b', '../x', 'f'.repeat(40)])('%s is no name for one', async (tag) => {
    const { client, hub } = await openWritableHub()
    await expect(publishModel(await makeModel(), { to: NAME, hub: client, tag })).rejects.toMatchObject({
      code: 'HUB_NAME_INVALID',
    })
    expect(hub.requests).toEqual([])
  })
})

describe('a token', () => {
  test('that is missing, expired or may only read is told apart, and none is repeated', async () => {
    const { hub, withEnv, notices } = await openWritableHub({ readToken: 'hf_reader' })
    const model = await makeModel()
    const errors: Error[] = []
    for (const token of ['', 'hf_expired', 'hf_reader']) {
      const client = withEnv({ HF_TOKEN: token })
      await publishModel(model, { to: NAME, hub: client }).catch((error: Error) => errors.push(error))
    }
    expect(errors.map((error) => (error as { code?: string }).code)).toEqual(Array(3).fill('HUB_UNAUTHORIZED'))
    expect(errors[0]?.message).toContain(`write access in HF_TOKEN: make one at ${hub.url}/settings/tokens`)
    expect(errors[1]?.message).toContain(`it is wrong or expired; ${hub.url}/settings/tokens has a new one`)
    expect(errors[2]?.message).toContain('needs a token with write access')
    expect(inspect([errors, notices], { depth: 20, showHidden: true })).not.toMatch(/hf_(expired|reader)/)
    expect(hub.inspect(NAME)).toBeNull()
  })

  test('for another account makes no repository of this one', async () => {
    const { client } = await openWritableHub()
    await expect(publishModel(await makeModel(), { to: 'other/mood', hub: client })).rejects.toMatchObject({
      code: 'HUB_UNAUTHORIZED',
      message: expect.stringContaining('refuses to change the model other/mood'),
    })
  })

  test('goes to the endpoint alone, not to where files are put', async () => {
    const { client, hub } = await openWritableHub({ partBytes: 50_000 })
    await publishModel(await addLarge(await makeModel(), 'extra/notes.bin', 120_000), { to: NAME, hub: client })
    const storage = hub.requests.filter(({ host }) => host === 'cdn')
    expect(storage.length).toBeGreaterThan(3)
    expect(storage.filter(({ isAuthorized }) => isAuthorized)).toEqual([])
    expect(hub.requests.filter(({ host, isAuthorized }) => host === 'hub' && !isAuthorized)).toEqual([])
  })
})

describe('before anything is sent', () => {
  test.each(['a/../b', 'a/b/c', 'someone/mood..x', 'someone/', '/mood', '..', 'someone/mood.git', 'some one/mood'])(
    'the name %s is refused',
    async (to) => {
      const { client, hub } = await openWritableHub()
      const model = await makeModel()
      await expect(publishModel(model, { to, owner: 'someone', hub: client })).rejects.toMatchObject({
        code: 'HUB_NAME_INVALID',
      })
      expect(hub.requests).toEqual([])
    },
  )

  test.each([
    ['no front matter', (card: string) => card.replace(/^---[\s\S]*?---\n/, ''), /no front matter/],
    ['front matter that is no YAML', (card: string) => card.replace('license:', 'license: ['), /is no YAML/],
    ['no model-index', (card: string) => card.replace(/model-index:[\s\S]*?\n---/, '---'), /model-index .* is missing/],
    ['other figures', (card: string) => card.replace('value: 0.7018', 'value: 0.9018'), /model-index .* isn't what/],
    [
      'a half model-index',
      (card: string) => card.replace(/ +dataset:[\s\S]*? metrics:/, ' metrics:'),
      /model-index|YAML/,
    ],
    ['another licence', (card: string) => card.replace('license: apache-2.0', 'license: mit'), /license .* isn't what/],
    ['no base', (card: string) => card.replace(/base_model: .*\n/, ''), /base_model .* is missing/],
  ])('a card with %s is refused', async (_, change, message) => {
    const { client, hub } = await openWritableHub()
    const { path, card } = await makeModel()
    expect(change(card)).not.toBe(card)
    await writeFile(join(path, 'README.md'), change(card))
    await expect(publishModel(await openModelFolder(path), { to: NAME, hub: client })).rejects.toMatchObject({
      code: 'PUBLISH_REFUSED',
      message: expect.stringMatching(message),
    })
    expect(hub.requests).toEqual([])
  })

  test('a folder is refused without a card, an evaluation, a licence or a manifest, and with a lie in it', async () => {
    const { client, hub } = await openWritableHub()
    const noCard = await makeModel()
    await rm(join(noCard.path, 'README.md'))
    const noManifest = await makeModel()
    await rm(join(noManifest.path, 'renown.json'))
    const [measured] = (await makeModel()).manifest.evaluations
    if (measured === undefined) throw new Error('the model has no evaluation')
    const stale = { ...measured, fileSha256: 'b'.repeat(64) }
    const outside = { ...measured, metrics: { macroRecall: { value: 0.9, low: 0.6, high: 0.7 } } }
    const models = [
      await openModelFolder(noCard.path),
      await openModelFolder(noManifest.path),
      await makeModel({ evaluations: [] }),
      await makeModel({ license: 'unknown' }),
      await makeModel({ evaluations: [stale] }),
      await makeModel({ evaluations: [outside] }),
      await makeModel({ evaluations: [measured, { ...measured, file: 'onnx/model.onnx' }] }),
    ]
    const said: string[] = []
    for (const model of models) {
      await publishModel(model, { to: NAME, hub: client }).catch((error: { code: string; message: string }) => {
        said.push(`${error.code} ${error.message}`)
      })
    }
    expect(said).toEqual([
      expect.stringContaining("PUBLISH_REFUSED README.md can't be published: it is not in the folder"),
      expect.stringContaining('has no renown.json'),
      expect.stringContaining('no evaluation of model.safetensors is recorded'),
      expect.stringContaining('licence is unknown'),
      expect.stringContaining('figures of model.safetensors are of another file'),
      expect.stringContaining('macroRecall of model.safetensors is outside its own interval'),
      expect.stringContaining("figures of onnx/model.onnx, which it doesn't list"),
    ])
    expect(hub.requests).toEqual([])
  })

  test('a link is refused, wherever it leads', async () => {
    const { client, hub } = await openWritableHub()
    for (const name of ['README.md', 'vocab.txt']) {
      const { path } = await makeModel()
      const target = join(path, `kept-${name}`)
      await writeFile(target, await readFile(join(path, name)))
      await rm(join(path, name))
      await symlink(target, join(path, name))
      await expect(publishModel(await openModelFolder(path), { to: NAME, hub: client })).rejects.toMatchObject({
        code: 'PUBLISH_REFUSED',
        message: `${name} can't be published: expected a file, got a link`,
      })
    }
    expect(hub.requests).toEqual([])
  })

  test('a hidden file is refused although the manifest lists it', async () => {
    const { client } = await openWritableHub()
    const { path } = await makeModel()
    await writeFile(join(path, '.env'), 'SECRET=1')
    await describeFiles(path, { files: { '.env': { sha256: '', bytes: 0 } } })
    await expect(publishModel(await openModelFolder(path), { to: NAME, hub: client })).rejects.toMatchObject({
      code: 'PUBLISH_REFUSED',
      message: expect.stringContaining('.env'),
    })
  })
})

test('a model of the Hub is published under another name from the cache, through its links', async () => {
  const { client, hub } = await openWritableHub()
  const model = await makeModel()
  await publishModel(model, { to: NAME, hub: client })
  const fetched = await resolveModel(`hf:${NAME}`, { home: await temporaryFolder(), hub: client })
  await publishModel(fetched, { to: 'someone/copy', hub: client })
  expect(hub.inspect('someone/copy')?.files).toEqual(hub.inspect(NAME)?.files)
})

test('a file that changes while it is published is not published', async () => {
  const { client, hub } = await openWritableHub()
  for (const name of ['model.safetensors', 'vocab.txt']) {
    const model = await makeModel()
    const bytes = await readFile(join(model.path, name))
    bytes[bytes.byteLength - 1] = (bytes.at(-1) ?? 0) ^ 1
    await writeFile(join(model.path, name), bytes)
    await expect(publishModel(model, { to: NAME, hub: client })).rejects.toMatchObject({
      code: 'MODEL_HASH_MISMATCH',
      message: expect.stringContaining(`${name} has changed while it was published`),
    })
    expect([...(hub.inspect(NAME)?.files.keys() ?? [])]).toEqual(['.gitattributes'])
  }
})

test('the token of these tests is in no address', async () => {
  const { client, hub } = await openWritableHub()
  await publishModel(await makeModel(), { to: NAME, hub: client })
  expect(hub.requests.filter(({ url }) => url.includes(TOKEN))).toEqual([])
})
