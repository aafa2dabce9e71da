// Tests of the cache: listings page by page, paths that leave it, several processes, full and foreign folders.
import { spawn } from 'node:child_process'
import { chmod, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import { removeTemporaryFolders } from '../test-fixtures.ts'
import { fetchFiles, openSnapshot, snapshotPath } from './snapshot.ts'
import { openTestHub, someBytes, stopStandIns, TOKEN } from './test-hub.ts'
import { gitHash } from './testing/stand-in-repositories.ts'

afterEach(stopStandIns)
afterEach(removeTemporaryFolders)

const REPOSITORY = { type: 'model', name: 'someone/model' } as const
const LARGE = someBytes(2_000_000)

describe('a listing', () => {
  test('is read to its last page, once for a commit', async () => {
    const { hub, client, takeRequests } = await openTestHub({ pageSize: 3 })
    const files = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`folder/${index}.txt`, `${index}`]))
    const commit = hub.add({ name: REPOSITORY.name, files })
    const snapshot = await openSnapshot(client, REPOSITORY, 'main')
    expect(snapshot.files?.map(({ path }) => path)).toEqual(Object.keys(files))
    expect(takeRequests()).toHaveLength(5)
    expect((await openSnapshot(client, REPOSITORY, commit)).files).toEqual(snapshot.files)
    expect(takeRequests()).toEqual([])
  })

  test.each([
    '../outside.txt',
    '/etc/outside.txt',
    'a/../../outside.txt',
    'C:/outside.txt',
    'a//b',
    'a\u0000b',
    '..\\outside.txt',
  ])('with the path %j is refused, and nothing is written', async (path) => {
    const { hub, client, cache } = await openTestHub()
    hub.add({ name: REPOSITORY.name, files: { 'config.json': '{}', [path]: 'x' } })
    await expect(openSnapshot(client, REPOSITORY, 'main')).rejects.toMatchObject({
      code: 'HUB_RESPONSE_INVALID',
      message: expect.stringContaining("don't use this repository"),
    })
    expect(await readdir(join(cache, 'models--someone--model'))).toEqual(['refs'])
  })

  test('passes over a name that only Windows would take for a path', async () => {
    const { hub, client } = await openTestHub()
    hub.add({ name: REPOSITORY.name, files: { 'config.json': '{}', 'onnx\\model.onnx': 'x' } })
    expect((await openSnapshot(client, REPOSITORY, 'main')).files).toHaveLength(1)
  })

  test.each([
    ['hashes that lead elsewhere', { type: 'file', path: 'a', size: 1, oid: '../../../evil' }],
    [
      'large hashes that lead elsewhere',
      { type: 'file', path: 'a', size: 1, oid: 'a'.repeat(40), lfs: { oid: '../x' } },
    ],
    ['sizes that are none', { type: 'file', path: 'a', size: -1, oid: 'a'.repeat(40) }],
    ['no paths', { type: 'file', size: 1, oid: 'a'.repeat(40) }],
  ])('with %s is refused', async (_, entry) => {
    const { hub, client } = await openTestHub()
    hub.add({ name: REPOSITORY.name, files: { 'config.json': '{}' } })
    hub.addFault({ match: /tree/, fault: { kind: 'status', status: 200, body: JSON.stringify([entry]) } })
    await expect(openSnapshot(client, REPOSITORY, 'main')).rejects.toMatchObject({ code: 'HUB_RESPONSE_INVALID' })
  })

  test('goes on at another host without the token, and at no address at all', async () => {
    const { hub, withEnv } = await openTestHub({ token: TOKEN })
    hub.add({ name: REPOSITORY.name, files: { 'config.json': '{}' } })
    const client = withEnv({ HF_TOKEN: TOKEN }, { attempts: 1 })
    const page = (link: string): void =>
      hub.addFault({
        match: /tree/,
        fault: { kind: 'status', status: 200, body: '[]', headers: { link: `<${link}>; rel="next"` } },
      })
    page(`${hub.cdnUrl}/next`)
    await expect(openSnapshot(client, REPOSITORY, 'main')).rejects.toMatchObject({ code: 'HUB_NOT_FOUND' })
    expect(hub.requests.filter(({ host, isAuthorized }) => host === 'cdn' && isAuthorized)).toEqual([])
    for (const link of ['file:///etc/passwd', 'http://']) {
      page(link)
      await expect(openSnapshot(client, REPOSITORY, 'main')).rejects.toMatchObject({ code: 'HUB_RESPONSE_INVALID' })
    }
  })

  test('in the cache that is damaged, or leads elsewhere, is asked for again', async () => {
    const { hub, client } = await openTestHub()
    const commit = hub.add({ name: REPOSITORY.name, files: { 'config.json': '{}' } })
    const { files, folder } = await openSnapshot(client, REPOSITORY, 'main')
    const evil = JSON.stringify({
      format_version: 1,
      files: { '../../outside.parquet': { size: 1, blob_id: 'a'.repeat(40) } },
    })
    for (const text of [
      '',
      '{',
      '[]',
      '{"format_version":2,"files":{}}',
      '{"format_version":1,"files":{"a":{}}}',
      evil,
    ]) {
      await writeFile(join(folder, 'trees', `${commit}.json`), text)
      expect((await openSnapshot(client, REPOSITORY, commit)).files).toEqual(files)
    }
  })
})

describe('the cache', () => {
  test('gives a blob that two commits share to both', async () => {
    const { hub, client, takeRequests } = await openTestHub()
    hub.add({ name: REPOSITORY.name, files: { 'model.bin': LARGE } })
    await fetchFiles(client, await openSnapshot(client, REPOSITORY, 'main'), ['model.bin'])
    hub.commit(REPOSITORY.name, { 'renamed.bin': LARGE })
    takeRequests()
    const next = await openSnapshot(client, REPOSITORY, 'main')
    await fetchFiles(client, next, ['renamed.bin'])
    expect(takeRequests().filter((request) => request.includes('resolve'))).toEqual([])
    expect((await readFile(snapshotPath(next, 'renamed.bin'))).equals(LARGE)).toBe(true)
  })

  test('replaces a blob of another length than the Hub names, and a link that leads nowhere', async () => {
    const { hub, client } = await openTestHub()
    hub.add({ name: REPOSITORY.name, files: { 'config.json': '{"a":1}' } })
    const snapshot = await openSnapshot(client, REPOSITORY, 'main')
    const blobs = join(snapshot.folder, 'blobs')
    const blob = join(blobs, gitHash(Buffer.from('{"a":1}')))
    await mkdir(blobs)
    await writeFile(blob, '{')
    await mkdir(snapshotPath(snapshot, '.'), { recursive: true })
    await symlink('../../blobs/nothing', snapshotPath(snapshot, 'config.json'))
    await fetchFiles(client, snapshot, ['config.json'])
    expect(await readFile(snapshotPath(snapshot, 'config.json'), 'utf8')).toBe('{"a":1}')
    expect(await readdir(blobs)).toHaveLength(1)
  })

  test('asks nobody for what is too large for its disk', async () => {
    const { hub, client, takeRequests } = await openTestHub()
    const commit = hub.add({ name: REPOSITORY.name, files: { 'model.bin': 'small' } })
    const entry = { type: 'file', path: 'model.bin', size: 2 ** 52, oid: 'a'.repeat(40), lfs: { oid: 'b'.repeat(64) } }
    hub.addFault({ match: /tree/, fault: { kind: 'status', status: 200, body: JSON.stringify([entry]) } })
    const snapshot = await openSnapshot(client, REPOSITORY, commit)
    takeRequests()
    await expect(fetchFiles(client, snapshot, ['model.bin'])).rejects.toMatchObject({
      code: 'DISK_FULL',
      message: expect.stringContaining(`needs ${2 ** 52} bytes`),
    })
    expect(takeRequests()).toEqual([])
  })

  test('fetches a content once that two files have', async () => {
    const { hub, client } = await openTestHub()
    hub.add({ name: REPOSITORY.name, files: { 'a.txt': 'the same', 'b.txt': 'the same' } })
    const snapshot = await openSnapshot(client, REPOSITORY, 'main')
    await fetchFiles(client, snapshot, ['a.txt', 'b.txt'])
    expect(hub.requests.filter(({ url }) => url.includes('/resolve/'))).toHaveLength(1)
    expect(await readFile(snapshotPath(snapshot, 'b.txt'), 'utf8')).toBe('the same')
  })

  test('that is a file, or where nothing may be written, is told', async () => {
    const { hub, cache, withEnv } = await openTestHub()
    hub.add({ name: REPOSITORY.name, files: { 'config.json': '{}' } })
    const file = join(cache, 'file')
    await writeFile(file, '')
    const locked = join(cache, 'locked')
    await mkdir(locked, { mode: 0o500 })
    // The superuser may write anywhere.
    for (const folder of process.getuid?.() === 0 ? [file] : [file, locked]) {
      const client = withEnv({ HF_HUB_CACHE: folder })
      const snapshot = await openSnapshot(client, REPOSITORY, 'main')
      await expect(fetchFiles(client, snapshot, ['config.json'])).rejects.toMatchObject({
        code: 'HUB_CACHE_UNUSABLE',
        message: expect.stringContaining('HF_HUB_CACHE'),
      })
    }
    await chmod(locked, 0o700)
  })
})

const CHILD = fileURLToPath(new URL('./testing/fetching-process.ts', import.meta.url))

interface Child {
  readonly pid: number
  readonly kill: () => void
  readonly end: Promise<{ readonly code: number | null; readonly out: string }>
  /** Resolves when a good part of the large file has arrived. */
  readonly begun: Promise<void>
}

/** The same download in a process of its own, through a shell where it is to have limits. */
function startChild(env: Record<string, string>, shell = 'exec "$@"'): Child {
  const node = [process.execPath, '--conditions=source', '--import', import.meta.resolve('tsx')]
  const child = spawn('/bin/sh', ['-c', shell, 'sh', ...node, CHILD], { env: { ...process.env, ...env } })
  let out = ''
  const begun = new Promise<void>((resolve) => {
    child.stdout.on('data', (text: Buffer) => {
      out += text.toString()
      if (/^\d{5,}$/m.test(out)) resolve()
    })
    child.on('close', () => resolve())
  })
  child.stderr.on('data', (text: Buffer) => {
    out += text.toString()
  })
  const end = new Promise<{ code: number | null; out: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, out }))
  })
  return { pid: child.pid ?? 0, kill: () => void child.kill('SIGKILL'), end, begun }
}

describe('several processes', () => {
  test('fetch the same at once, and each ends with the whole', async () => {
    const { hub, cache, client } = await openTestHub()
    hub.add({ name: REPOSITORY.name, files: { 'model.bin': LARGE, 'config.json': '{}' } })
    hub.addFault({ match: /contents/, fault: { kind: 'slow', bytes: 200_000, everyMs: 20 }, times: 100 })
    const env = { HF_ENDPOINT: hub.url, HF_HUB_CACHE: cache }
    const ends = await Promise.all([startChild(env), startChild(env), startChild(env)].map(({ end }) => end))
    expect(ends.map(({ code, out }) => [code, out.trim().split('\n').at(-1)])).toEqual(
      Array.from({ length: 3 }, () => [0, expect.stringMatching(/^(2000002|2000000|)$/)]),
    )
    const snapshot = await openSnapshot(client, REPOSITORY, 'main')
    expect((await readFile(snapshotPath(snapshot, 'model.bin'))).equals(LARGE)).toBe(true)
    expect(await readdir(join(snapshot.folder, 'blobs'))).toHaveLength(2)
  })

  test('go on with what one left that was killed, and leave alone what one still writes', async () => {
    const { hub, cache, client } = await openTestHub()
    hub.add({ name: REPOSITORY.name, files: { 'model.bin': LARGE, 'config.json': '{}' } })
    hub.addFault({ match: /contents/, fault: { kind: 'stall', after: 700_000 }, times: 2 })
    const env = { HF_ENDPOINT: hub.url, HF_HUB_CACHE: cache }
    const [killed, living] = [startChild(env), startChild(env)]
    await Promise.all([killed.begun, living.begun])
    killed.kill()
    await killed.end
    const before = hub.requests.length
    const snapshot = await openSnapshot(client, REPOSITORY, 'main')
    await fetchFiles(client, snapshot, ['model.bin'])
    const asked = hub.requests.slice(before).filter(({ host }) => host === 'cdn')
    expect(asked.map(({ range }) => range)).toEqual([expect.stringMatching(/^bytes=[1-9]\d*-$/)])
    expect((await readFile(snapshotPath(snapshot, 'model.bin'))).equals(LARGE)).toBe(true)
    const left = (await readdir(join(snapshot.folder, 'blobs'))).filter((name) => name.endsWith('.incomplete'))
    expect(left).toEqual([expect.stringContaining(`-${living.pid}-`)])
    living.kill()
    await living.end
  })

  test('say so when the disk is full, and go on when there is room', async () => {
    const { hub, cache, client } = await openTestHub()
    hub.add({ name: REPOSITORY.name, files: { 'model.bin': LARGE, 'config.json': '{}' } })
    const env = { HF_ENDPOINT: hub.url, HF_HUB_CACHE: cache }
    // Files may have a thousand blocks of 512 bytes at most, and the signal about it is passed over.
    const full = await startChild(env, 'trap \'\' XFSZ; ulimit -f 1000; exec "$@"').end
    expect(full.out).toContain('DISK_FULL')
    const before = hub.requests.length
    await fetchFiles(client, await openSnapshot(client, REPOSITORY, 'main'), ['model.bin'])
    const ranges = hub.requests.slice(before).flatMap(({ host, range }) => (host === 'cdn' ? [range] : []))
    expect(ranges).toEqual(['bytes=512000-'])
  })
})
