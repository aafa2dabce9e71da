// Tests of downloads over HTTP: where they go on, what they refuse, what they leave behind.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { removeTemporaryFolders } from '../test-fixtures.ts'
import { fetchFiles, openSnapshot, type Snapshot, snapshotPath } from './snapshot.ts'
import { openTestHub, someBytes, stopStandIns, type TestHub } from './test-hub.ts'
import type { FaultKind } from './testing/stand-in-faults.ts'

afterEach(stopStandIns)
afterEach(removeTemporaryFolders)

const REPOSITORY = { type: 'model', name: 'someone/big' } as const
const SIZE = 300_000
const LARGE = someBytes(SIZE)
const SMALL = someBytes(5000, 2)

interface Opened extends TestHub {
  readonly snapshot: Snapshot
  /** `Range` of the requests for contents so far, in their order. */
  readonly ranges: () => (string | null)[]
  readonly blobs: () => Promise<string[]>
}

async function openRepository(): Promise<Opened> {
  const test = await openTestHub()
  test.hub.add({ name: REPOSITORY.name, files: { 'model.bin': LARGE, 'vocab.txt': SMALL } })
  const snapshot = await openSnapshot(test.client, REPOSITORY, 'main')
  return {
    ...test,
    snapshot,
    ranges: () => test.hub.requests.filter(({ url }) => url.startsWith('/contents/')).map(({ range }) => range),
    blobs: async () => await readdir(join(snapshot.folder, 'blobs')).catch(() => []),
  }
}

async function read(snapshot: Snapshot, path: string): Promise<Buffer> {
  return await readFile(snapshotPath(snapshot, path))
}

function nameOf(snapshot: Snapshot, path: string): string {
  const file = snapshot.files?.find((candidate) => candidate.path === path)
  return file?.sha256 ?? file?.gitHash ?? ''
}

const CONTENTS = /^cdn\/contents/
const SMALL_PATH = /^hub\/someone\/big\/resolve\/.*vocab/

describe('a download', () => {
  test('that is cut goes on at the exact byte', async () => {
    const { client, hub, snapshot, ranges, waits } = await openRepository()
    hub.addFault({ match: CONTENTS, fault: { kind: 'cut', after: 100_000 } })
    hub.addFault({ match: CONTENTS, fault: { kind: 'cut', after: 50_000 } })
    await fetchFiles(client, snapshot, ['model.bin'])
    expect((await read(snapshot, 'model.bin')).equals(LARGE)).toBe(true)
    const [first, second, third] = ranges()
    expect(first).toBeNull()
    const starts = [second, third].map((range) => Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1]))
    expect(starts[0]).toBeGreaterThan(0)
    expect(starts[0]).toBeLessThanOrEqual(100_000)
    expect(starts[1]).toBeLessThanOrEqual((starts[0] ?? 0) + 50_000)
    expect(waits).toHaveLength(2)
  })

  test('that failed for good goes on where it was in the next run, by the tag of what it began', async () => {
    const { client, hub, snapshot, ranges, blobs, takeRequests } = await openRepository()
    hub.addFault({ match: CONTENTS, fault: { kind: 'short', after: 100_000 } })
    hub.addFault({ match: CONTENTS, fault: { kind: 'status', status: 503 }, times: 4 })
    await expect(fetchFiles(client, snapshot, ['model.bin'])).rejects.toMatchObject({
      code: 'HUB_UNREACHABLE',
      message: expect.stringMatching(/answers 503 for model\.bin of the model someone\/big \(tried 5 times\)/),
    })
    expect(await blobs()).toEqual([`${nameOf(snapshot, 'model.bin')}.incomplete`])
    takeRequests()
    await fetchFiles(client, snapshot, ['model.bin'])
    expect(ranges()).toEqual(['bytes=100000-'])
    expect((await read(snapshot, 'model.bin')).equals(LARGE)).toBe(true)
    expect(await blobs()).toEqual([nameOf(snapshot, 'model.bin')])
  })

  test('of a small file is resumed from the Hub itself with If-Range', async () => {
    const { client, hub, snapshot } = await openRepository()
    hub.addFault({ match: SMALL_PATH, fault: { kind: 'short', after: 1234 } })
    await fetchFiles(client, snapshot, ['vocab.txt'])
    expect(hub.requests.filter(({ url }) => SMALL_PATH.test(`hub${url}`)).map(({ range }) => range)).toEqual([
      null,
      'bytes=1234-',
    ])
    expect((await read(snapshot, 'vocab.txt')).equals(SMALL)).toBe(true)
  })

  test.each<[string, FaultKind, RegExp]>([
    ['the server sends all of it again', { kind: 'whole' }, CONTENTS],
    ['the content has another tag by now', { kind: 'retag' }, /^hub\/someone\/big\/resolve/],
    ['the server has no such part', { kind: 'status', status: 416 }, CONTENTS],
  ])('begins again where %s', async (_, fault, match) => {
    const { client, hub, snapshot } = await openRepository()
    hub.addFault({ match: CONTENTS, fault: { kind: 'short', after: 100_000 } })
    const steps: number[] = []
    const onProgress = ({ bytes }: { bytes: number }): void => {
      steps.push(bytes)
      if (bytes === 100_000 && steps.filter((step) => step === bytes).length === 1) hub.addFault({ match, fault })
    }
    await fetchFiles(client, snapshot, ['model.bin'], { onProgress })
    expect(steps).toContain(0)
    expect(steps.at(-1)).toBe(SIZE)
    expect((await read(snapshot, 'model.bin')).equals(LARGE)).toBe(true)
  })

  test('that arrives damaged is fetched once more, and then refused', async () => {
    const { client, hub, snapshot, notices, blobs } = await openRepository()
    hub.addFault({ match: CONTENTS, fault: { kind: 'corrupt' } })
    await fetchFiles(client, snapshot, ['model.bin'])
    expect((await read(snapshot, 'model.bin')).equals(LARGE)).toBe(true)
    expect(notices).toEqual([expect.stringContaining('fetching it once more')])
    hub.addFault({ match: SMALL_PATH, fault: { kind: 'corrupt' }, times: 2 })
    await expect(fetchFiles(client, snapshot, ['vocab.txt'])).rejects.toMatchObject({
      code: 'HUB_CHECKSUM',
      message: expect.stringContaining(nameOf(snapshot, 'vocab.txt')),
    })
    expect(await blobs()).toEqual([nameOf(snapshot, 'model.bin')])
  })

  test('whose beginning on the disk is damaged is begun again', async () => {
    const { client, snapshot, ranges } = await openRepository()
    const wrong = Buffer.from(LARGE.subarray(0, 70_000))
    wrong[5] = (wrong[5] ?? 0) ^ 1
    await mkdir(join(snapshot.folder, 'blobs'), { recursive: true })
    await writeFile(join(snapshot.folder, 'blobs', `${nameOf(snapshot, 'model.bin')}.incomplete`), wrong)
    await fetchFiles(client, snapshot, ['model.bin'])
    expect(ranges()).toEqual(['bytes=70000-', null])
    expect((await read(snapshot, 'model.bin')).equals(LARGE)).toBe(true)
  })

  test.each([
    ['too much', Buffer.concat([LARGE, LARGE])],
    ['all of it', LARGE],
  ])('that left %s is not trusted blindly', async (_, left) => {
    const { client, snapshot } = await openRepository()
    await mkdir(join(snapshot.folder, 'blobs'), { recursive: true })
    await writeFile(join(snapshot.folder, 'blobs', `${nameOf(snapshot, 'model.bin')}.incomplete`), left)
    await fetchFiles(client, snapshot, ['model.bin'])
    expect((await read(snapshot, 'model.bin')).equals(LARGE)).toBe(true)
  })

  test('that falls silent is given up and tried again', async () => {
    const { hub, snapshot, withEnv, waits } = await openRepository()
    hub.addFault({ match: CONTENTS, fault: { kind: 'stall', after: 20_000 } })
    await fetchFiles(withEnv({}, { idleMs: 300 }), snapshot, ['model.bin'])
    expect(waits).toHaveLength(1)
    expect((await read(snapshot, 'model.bin')).equals(LARGE)).toBe(true)
  })

  test('that is slow but alive is waited for', async () => {
    const { hub, snapshot, withEnv, waits } = await openRepository()
    hub.addFault({ match: SMALL_PATH, fault: { kind: 'slow', bytes: 500, everyMs: 60 } })
    await fetchFiles(withEnv({}, { idleMs: 400 }), snapshot, ['vocab.txt'])
    expect(waits).toEqual([])
  })

  test('of a page instead of the file is refused before anything is written', async () => {
    const { client, hub, snapshot, blobs } = await openRepository()
    hub.addFault({ match: CONTENTS, fault: { kind: 'html' } })
    await expect(fetchFiles(client, snapshot, ['model.bin'])).rejects.toMatchObject({
      code: 'HUB_RESPONSE_INVALID',
      message: expect.stringMatching(/expected 300000 bytes, the server sends .* of text\/html/),
    })
    expect(await blobs()).toEqual([])
  })

  test('keeps what has arrived when a page comes instead of the rest', async () => {
    const { client, hub, snapshot, blobs, ranges, takeRequests } = await openRepository()
    hub.addFault({ match: CONTENTS, fault: { kind: 'short', after: 100_000 } })
    hub.addFault({ match: CONTENTS, fault: { kind: 'html' } })
    const fetching = fetchFiles(client, snapshot, ['model.bin'])
    await expect(fetching).rejects.toMatchObject({ code: 'HUB_RESPONSE_INVALID' })
    expect(await blobs()).toEqual([`${nameOf(snapshot, 'model.bin')}.incomplete`])
    takeRequests()
    await fetchFiles(client, snapshot, ['model.bin'])
    expect(ranges()).toEqual(['bytes=100000-'])
  })

  test('that is stopped keeps what has arrived', async () => {
    const { client, hub, snapshot, blobs, ranges, takeRequests } = await openRepository()
    hub.addFault({ match: CONTENTS, fault: { kind: 'stall', after: 20_000 } })
    const controller = new AbortController()
    const onProgress = ({ bytes }: { bytes: number }): void => {
      if (bytes > 0) controller.abort(new Error('enough'))
    }
    const fetching = fetchFiles(client, snapshot, ['model.bin'], { signal: controller.signal, onProgress })
    await expect(fetching).rejects.toThrow('enough')
    expect(await blobs()).toEqual([`${nameOf(snapshot, 'model.bin')}.incomplete`])
    takeRequests()
    await fetchFiles(client, snapshot, ['model.bin'])
    expect(ranges()).toEqual([expect.stringMatching(/^bytes=[1-9]\d*-$/)])
  })

  test('tells how far it is, of all that is missing', async () => {
    const { client, snapshot } = await openRepository()
    const seen: { path: string; bytes: number; total: number }[] = []
    await fetchFiles(client, snapshot, ['model.bin', 'vocab.txt'], { onProgress: (progress) => seen.push(progress) })
    expect(new Set(seen.map(({ total }) => total))).toEqual(new Set([SIZE + 5000]))
    expect(seen.at(-1)).toEqual({ path: 'model.bin', bytes: SIZE + 5000, total: SIZE + 5000 })
    expect(seen.map(({ bytes }) => bytes)).toEqual(seen.map(({ bytes }) => bytes).sort((a, b) => a - b))
  })

  test('of an empty file asks nothing', async () => {
    const { hub, client, takeRequests } = await openTestHub()
    hub.add({ name: 'someone/empty', files: { 'added_tokens.json': '' } })
    const snapshot = await openSnapshot(client, { type: 'model', name: 'someone/empty' }, 'main')
    takeRequests()
    await fetchFiles(client, snapshot, ['added_tokens.json'])
    expect(takeRequests()).toEqual([])
    expect(await read(snapshot, 'added_tokens.json')).toHaveLength(0)
  })
})
