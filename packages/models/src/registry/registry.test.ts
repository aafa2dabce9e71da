// Tests of versions and aliases, and of everything that must not become one.
import { promises } from 'node:fs'
import { chmod, cp, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { openModelFolder } from '../open-model-folder.ts'
import { recordEvaluation } from '../record-evaluation.ts'
import { listModels, resolveModel } from '../resolve-model.ts'
import {
  copyFixture,
  copyModelFolder,
  EVALUATION,
  readJson,
  removeTemporaryFolders,
  temporaryFolder,
  writeManifest,
} from '../test-fixtures.ts'
import { openRegistry } from './registry.ts'
import { registryPaths } from './registry-paths.ts'
import { BY, modelVariant } from './test-registry.ts'

afterEach(removeTemporaryFolders)

async function filesOf(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const texts = await Promise.all(
    files.map(async (file) => [file.slice(folder.length + 1), await readFile(file, 'latin1')]),
  )
  return Object.fromEntries(texts)
}

describe('add', () => {
  test('keeps a folder byte for byte as a version that opens, and shares what versions have in common', async () => {
    const home = await temporaryFolder()
    const registry = openRegistry(home)
    const folder = await modelVariant('1.0')
    await writeFile(join(folder, 'README.md'), '# Card\n')
    await writeFile(join(folder, 'notes.txt'), 'not of the model')
    const { version, isNew } = await registry.add(folder, { ...BY, name: 'mine' })
    expect({ isNew, version }).toMatchObject({
      isNew: true,
      version: { version: 'v1', name: 'mine', modelVersion: '1.0', ...BY },
    })
    const shown = await registry.show('v1')
    const { 'notes.txt': _, ...expected } = await filesOf(folder)
    expect(await filesOf(shown.path)).toEqual(expected)
    expect((await openModelFolder(shown.path)).hash).toBe(shown.hash)
    await registry.add(await modelVariant('2.0'), BY)
    const [one, two] = await registry.list()
    const inode = async (path: string, name: string): Promise<number> => (await stat(join(path, name))).ino
    expect(await inode(one!.path, 'model.safetensors')).toBe(await inode(two!.path, 'model.safetensors'))
    expect(await inode(one!.path, 'tokenizer_config.json')).not.toBe(await inode(two!.path, 'tokenizer_config.json'))
    expect(await readdir(registryPaths(home).staging)).toEqual([])
    expect(await registry.verify()).toMatchObject({ events: 2, versions: 2, problems: [] })
  })

  test('of the same files gives the version that has them', async () => {
    const registry = openRegistry(await temporaryFolder())
    const folder = await modelVariant('1.0')
    await registry.add(folder, BY)
    expect(await registry.add(folder, BY)).toMatchObject({ isNew: false, version: { version: 'v1' } })
    expect(await registry.events()).toHaveLength(1)
  })

  test('takes a snapshot of the Hub, whose files are links to blobs, and keeps files', async () => {
    const home = await temporaryFolder()
    const repository = await temporaryFolder()
    const snapshot = join(repository, 'snapshots', '0123abcd')
    await mkdir(snapshot, { recursive: true })
    const source = await modelVariant('1.0')
    await cp(source, join(repository, 'blobs'), { recursive: true })
    for (const name of await readdir(source)) await symlink(join('..', '..', 'blobs', name), join(snapshot, name))
    await openRegistry(home).add(snapshot, BY)
    const { path } = await openRegistry(home).show('v1')
    expect(await filesOf(path)).toEqual(await filesOf(source))
    expect((await resolveModel('v1', { home })).manifest.version).toBe('1.0')
  })

  test('copies where the file system has no links', async () => {
    const registry = openRegistry(await temporaryFolder())
    const { link } = promises
    promises.link = () => Promise.reject(Object.assign(new Error('no links'), { code: 'EPERM', syscall: 'link' }))
    syncBuiltinESMExports()
    try {
      for (const version of ['1.0', '2.0']) await registry.add(await modelVariant(version), BY)
    } finally {
      promises.link = link
      syncBuiltinESMExports()
    }
    const [one, two] = await registry.list()
    const inodes = await Promise.all([one!, two!].map(async ({ path }) => (await stat(join(path, 'vocab.txt'))).ino))
    expect(new Set(inodes).size).toBe(2)
    expect(await registry.verify()).toMatchObject({ versions: 2, problems: [] })
  })

  test('writes the manifest that a plain transformers folder lacks', async () => {
    const home = await temporaryFolder()
    await openRegistry(home).add(await copyFixture('tiny-bert'), BY)
    expect(await resolveModel('v1', { home })).toMatchObject({ derived: false, manifest: { name: 'tiny-bert' } })
  })

  const lies: readonly [string, string, (folder: string) => Promise<void>][] = [
    [
      'whose file has another hash',
      'MODEL_HASH_MISMATCH',
      async (folder) => {
        const path = join(folder, 'vocab.txt')
        const text = await readFile(path)
        text[0] = (text[0] ?? 0) ^ 1
        await writeFile(path, text)
      },
    ],
    [
      'whose manifest names a path outside',
      'MANIFEST_INVALID',
      async (folder) => {
        const manifest = await readJson(join(folder, 'renown.json'))
        const files = manifest.files as Record<string, unknown>
        await writeManifest(folder, { ...manifest, files: { ...files, '../vocab.txt': files['vocab.txt'] } })
      },
    ],
    [
      'whose manifest lists itself',
      'MODEL_HASH_MISMATCH',
      async (folder) => {
        const manifest = await readJson(join(folder, 'renown.json'))
        const files = manifest.files as Record<string, unknown>
        await writeManifest(folder, { ...manifest, files: { ...files, 'renown.json': files['vocab.txt'] } })
      },
    ],
    [
      'whose weights are a link to elsewhere',
      'MODEL_FILE_OUTSIDE',
      async (folder) => {
        const other = await copyModelFolder()
        await rm(join(folder, 'model.safetensors'))
        await symlink(join(other, 'model.safetensors'), join(folder, 'model.safetensors'))
      },
    ],
    [
      'whose card is a link to elsewhere',
      'MODEL_FILE_OUTSIDE',
      async (folder) => {
        await writeFile(`${folder}.secret`, 'secret')
        await symlink(`${folder}.secret`, join(folder, 'README.md'))
      },
    ],
    ['that lacks a file', 'MODEL_FILE_MISSING', async (folder) => await rm(join(folder, 'config.json'))],
    ['that is none', 'MODEL_NOT_FOUND', async (folder) => await rm(folder, { recursive: true })],
  ]

  test.each(lies)('refuses a folder %s, and leaves no version', async (_, code, spoil) => {
    const home = await temporaryFolder()
    const folder = await copyModelFolder()
    await spoil(folder)
    const registry = openRegistry(home)
    await expect(registry.add(folder, BY)).rejects.toMatchObject({ code })
    expect({ list: await registry.list(), events: await registry.events() }).toEqual({ list: [], events: [] })
    expect(await readdir(registryPaths(home).staging)).toEqual([])
    await registry.add(await copyModelFolder(), BY)
    expect(await registry.verify()).toMatchObject({ versions: 1, problems: [] })
  })

  test('keeps a content anew whose blob has rotted', async () => {
    const home = await temporaryFolder()
    const registry = openRegistry(home)
    const { version } = await registry.add(await modelVariant('1.0'), BY)
    const { sha256 } = version.files['vocab.txt']!
    const blob = join(registryPaths(home).blobs, sha256.slice(0, 2), sha256)
    await rm(blob)
    await writeFile(blob, 'rotten')
    await registry.add(await modelVariant('2.0'), BY)
    expect((await resolveModel('v2', { home })).hash).toBe((await registry.show('v2')).hash)
    expect((await registry.verify()).problems).toEqual([])
  })
})

describe('references', () => {
  test('are versions, aliases, then folders, then paths', async () => {
    const home = await temporaryFolder()
    const defaultFolder = await copyModelFolder()
    const options = { home, defaultFolder }
    const registry = openRegistry(home)
    await registry.add(await modelVariant('1.0'), BY)
    await registry.promote('v1', 'champion', BY)
    await registry.promote('v1', 'canary-eu', BY)
    for (const reference of ['v1', 'champion', 'canary-eu']) {
      expect((await resolveModel(reference, options)).manifest.version).toBe('1.0')
    }
    for (const name of ['canary-eu', 'mine']) await mkdir(join(home, 'models', name))
    expect((await resolveModel('canary-eu', options)).manifest.version).toBe('1.0')
    expect((await listModels(home, options)).map(({ reference, aliases }) => [reference, aliases])).toEqual([
      ['default', undefined],
      ['mine', undefined],
      ['v1', ['canary-eu', 'champion']],
    ])
    await expect(registry.promote('v1', 'mine', BY)).rejects.toMatchObject({
      code: 'REGISTRY_INPUT_INVALID',
      message: expect.stringContaining('it is the name of the model folder'),
    })
  })

  test('that the registry lacks are errors of their own', async () => {
    const home = await temporaryFolder()
    await expect(resolveModel('champion', { home })).rejects.toMatchObject({ code: 'ALIAS_NOT_SET' })
    await expect(resolveModel('v12', { home })).rejects.toMatchObject({ code: 'VERSION_NOT_FOUND' })
    await expect(resolveModel('latest', { home })).rejects.toMatchObject({ code: 'MODEL_REFERENCE_UNSUPPORTED' })
    expect(await readdir(home)).toEqual([])
  })

  test.each([
    'v3',
    'v0',
    'default',
    'latest',
    '../up',
    'a/b',
    'Champion',
    '',
    '-x',
    'hf',
    'a.b',
    '__proto__',
    'x'.repeat(65),
  ])('%j is no alias', async (alias) => {
    const registry = openRegistry(await temporaryFolder())
    await registry.add(await modelVariant('1.0'), BY)
    await expect(registry.promote('v1', alias, BY)).rejects.toMatchObject({ code: 'REGISTRY_INPUT_INVALID' })
  })

  test('who and why are lines that show as they are', async () => {
    const registry = openRegistry(await temporaryFolder())
    await registry.add(await modelVariant('1.0'), BY)
    for (const by of [
      { who: '', why: 'x' },
      { who: 'x', why: 'a\nb' },
      { who: '\u001b[2Jx', why: 'x' },
    ]) {
      await expect(registry.promote('v1', 'champion', by)).rejects.toMatchObject({ code: 'REGISTRY_INPUT_INVALID' })
    }
  })

  test('a version whose manifest was replaced is not opened, and nothing is recorded in one', async () => {
    const home = await temporaryFolder()
    const registry = openRegistry(home)
    await registry.add(await modelVariant('1.0'), BY)
    const { path } = await registry.show('v1')
    await expect(recordEvaluation(path, EVALUATION)).rejects.toMatchObject({ code: 'EVALUATION_REFUSED' })
    const manifest = await readJson(join(path, 'renown.json'))
    await rm(join(path, 'renown.json'))
    await writeManifest(path, { ...manifest, temperature: 3 })
    await expect(resolveModel('v1', { home })).rejects.toMatchObject({ code: 'REGISTRY_INVALID' })
    expect((await registry.verify()).problems).toEqual(['renown.json of v1 was changed'])
    await rm(path, { recursive: true })
    await expect(resolveModel('v1', { home })).rejects.toMatchObject({ code: 'REGISTRY_INVALID' })
  })
})

describe('verify', () => {
  test('finds what was changed, in versions, contents and the log', async () => {
    const home = await temporaryFolder()
    const registry = openRegistry(home)
    await registry.add(await modelVariant('1.0'), BY)
    await registry.promote('v1', 'champion', BY)
    await registry.promote('v1', 'other', BY)
    const { path, files } = await registry.show('v1')
    const { log, blobs } = registryPaths(home)
    const weights = join(path, 'model.safetensors')
    await chmod(weights, 0o644)
    const bytes = await readFile(weights)
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
    await writeFile(weights, bytes)
    await rm(join(path, 'vocab.txt'))
    await writeFile(join(path, 'more.txt'), 'more')
    const second = join(log, '00000002', 'event.json')
    await writeFile(second, (await readFile(second, 'utf8')).replace('a test', 'a lie'))
    const { problems } = await openRegistry(home).verify()
    const { sha256 } = files['model.safetensors']!
    expect(problems.toSorted()).toEqual(
      [
        'event 2 of the log was altered after event 3 was written',
        'v1 has a new file more.txt',
        'model.safetensors of v1 was changed',
        'v1 lacks vocab.txt',
        `the content "${join(blobs, sha256.slice(0, 2), sha256)}" has another hash`,
      ].toSorted(),
    )
  })

  test('a log with a missing, a broken or a contradicting entry is refused, with the place', async () => {
    const home = await temporaryFolder()
    const registry = openRegistry(home)
    await registry.add(await modelVariant('1.0'), BY)
    await registry.promote('v1', 'champion', BY)
    await registry.promote('v1', 'other', BY)
    const { log } = registryPaths(home)
    const second = join(log, '00000002', 'event.json')
    const text = await readFile(second, 'utf8')
    for (const [content, message] of [
      ['{', /00000002.* is no entry/],
      [text.replace('"format":1', '"format":2'), /format: expected 1, got 2/],
      [text.replace('"to":"v1"', '"to":"v9"'), /contradicts itself in event 2: it names v9/],
      [text.replace('"from":null', '"from":"v1"'), /moves "champion" away from v1, which named nothing/],
    ] as const) {
      await writeFile(second, content)
      await expect(openRegistry(home).list()).rejects.toMatchObject({
        code: 'REGISTRY_INVALID',
        message: expect.stringMatching(message),
      })
    }
    await rm(join(log, '00000002'), { recursive: true })
    await expect(openRegistry(home).list()).rejects.toMatchObject({
      code: 'REGISTRY_INVALID',
      message: expect.stringContaining('is missing: later ones are there'),
    })
  })
})
