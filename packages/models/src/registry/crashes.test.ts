// Tests of a registry whose writers die, meet, or run out of disk.
import { execFile, spawn } from 'node:child_process'
import { cp, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, describe, expect, test } from 'vitest'
import { openModelFolder } from '../open-model-folder.ts'
import { copyModelFolder, removeTemporaryFolders, temporaryFolder } from '../test-fixtures.ts'
import { openRegistry, type Registry } from './registry.ts'
import { registryPaths } from './registry-paths.ts'
import { BY, modelVariant } from './test-registry.ts'
import { type Stopper, stopAfter } from './testing/stop-after.ts'

afterEach(removeTemporaryFolders)

const PROCESS = fileURLToPath(new URL('./testing/registry-process.ts', import.meta.url))

interface Ended {
  readonly signal: NodeJS.Signals | null
  readonly lines: readonly string[]
  readonly errors: string
}

async function runProcess(...args: string[]): Promise<Ended> {
  const child = spawn(process.execPath, [
    '--conditions=source',
    '--import',
    import.meta.resolve('tsx'),
    PROCESS,
    ...args,
  ])
  let output = ''
  let errors = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  return await new Promise((resolve) => {
    child.on('close', (_, signal) => resolve({ signal, lines: output.split('\n').filter(Boolean), errors }))
  })
}

/** Whatever happened before: it is whole, each alias names a version that opens, and it can be written to. */
async function checkWhole(home: string): Promise<Registry> {
  const registry = openRegistry(home)
  expect((await registry.verify()).problems).toEqual([])
  for (const { path, hash } of await registry.list()) expect((await openModelFolder(path)).hash).toBe(hash)
  return registry
}

/** Does the work until its N-th change of the disk, which and all later ones never happen. */
async function dieAfter(changes: number, work: () => Promise<unknown>): Promise<Stopper> {
  return await new Promise((resolve, reject) => {
    const stopper = stopAfter(changes, () => {
      resolve(stopper)
      return new Promise<never>(() => {})
    })
    work().then(() => resolve(stopper), reject)
  })
}

describe('a writer that dies', () => {
  const works: readonly [string, (registry: Registry, folder: string) => Promise<unknown>][] = [
    ['adds', async (registry, folder) => await registry.add(folder, BY)],
    ['promotes', async (registry) => await registry.promote('v2', 'champion', BY)],
    ['rolls back', async (registry) => await registry.rollback('other', BY)],
    ['prunes', async (registry) => await registry.prune({ ...BY, keep: 0, days: 0 })],
  ]

  test.each(works)('before any change of the disk while it %s leaves all or nothing', async (_, work) => {
    const template = await temporaryFolder()
    const registry = openRegistry(template)
    for (const version of ['1.0', '2.0', '3.0']) await registry.add(await modelVariant(version), BY)
    await registry.promote('v1', 'champion', BY)
    for (const version of ['v1', 'v2']) await registry.promote(version, 'other', BY)
    const [folder, later] = [await modelVariant('9.0'), await modelVariant('10.0')]
    const seen = new Set<string>()
    for (let changes = 1; ; changes++) {
      const home = await temporaryFolder()
      await cp(template, home, { recursive: true })
      const before = (await openRegistry(home).events()).length
      const stopper = await dieAfter(changes, () => work(openRegistry(home), folder))
      await stopper.restore()
      const after = await checkWhole(home)
      const events = (await after.events()).slice(before)
      seen.add(events.map(({ kind }) => kind).join())
      expect(events.length).toBeLessThanOrEqual(1)
      await after.add(later, BY)
      await after
        .promote('v3', 'champion', BY)
        .catch((error: { code: string }) => expect(error.code).toBe('VERSION_PRUNED'))
      await after.prune({ ...BY, keep: 100 })
      await checkWhole(home)
      if (!stopper.isStopped()) break
    }
    expect(seen.size).toBe(2)
  })

  test('by kill -9, as a process of its own', async () => {
    const home = await temporaryFolder()
    const folder = await copyModelFolder()
    for (const changes of ['4', '44']) {
      expect(await runProcess(home, 'killAt', changes, folder)).toMatchObject({ signal: 'SIGKILL', errors: '' })
      await checkWhole(home)
    }
    expect(await runProcess(home, 'killAt', '1000000', folder)).toMatchObject({ signal: null, errors: '' })
    expect((await (await checkWhole(home)).current('champion')).version).toMatch(/^v\d$/)
  })
})

describe('several processes at once', () => {
  test('move one alias, each from what it expects: every move is in the log, and no other', async () => {
    const home = await temporaryFolder()
    const registry = openRegistry(home)
    for (const version of ['1.0', '2.0']) await registry.add(await modelVariant(version), BY)
    await registry.promote('v1', 'champion', BY)
    const ended = await Promise.all([1, 2, 3].map(() => runProcess(home, 'contend', '25')))
    const told = ended.flatMap(({ lines }) => lines)
    expect(told.filter((line) => line !== 'moved' && line !== 'ALIAS_MOVED')).toEqual([])
    const history = await (await checkWhole(home)).history('champion')
    expect(history).toHaveLength(1 + told.filter((line) => line === 'moved').length)
    expect(history.every(({ version }, index) => version === (index % 2 === 0 ? 'v1' : 'v2'))).toBe(true)
  })

  test('add: every version has a number of its own', async () => {
    const home = await temporaryFolder()
    const folders = await Promise.all(['1.0', '2.0', '3.0'].map(modelVariant))
    const ended = await Promise.all(folders.map((folder) => runProcess(home, 'add', folder)))
    expect(ended.flatMap(({ lines }) => lines).sort()).toEqual(['v1', 'v2', 'v3'])
    await checkWhole(home)
  })

  test('in one process, on one registry, move and prune without harm', async () => {
    const home = await temporaryFolder()
    const registry = openRegistry(home)
    for (const version of ['1.0', '2.0', '3.0', '4.0']) await registry.add(await modelVariant(version), BY)
    const others = [registry, openRegistry(home), openRegistry(home)]
    const work = others.flatMap((one, index) => [
      one.promote(`v${index + 1}`, 'champion', BY),
      one.prune({ ...BY, keep: 0, days: 0 }),
    ])
    const refused = (await Promise.allSettled(work)).flatMap((end) =>
      end.status === 'rejected' ? [end.reason.code] : [],
    )
    expect(refused.filter((code) => code !== 'VERSION_PRUNED')).toEqual([])
    await checkWhole(home)
  })
})

const run = promisify(execFile)

/** A file system of its own, so small that it fills up; null where this process may not mount one. */
async function mountSmall(
  size: string,
): Promise<{ path: string; remount(how: string): Promise<void>; free(): Promise<void> } | null> {
  const path = await temporaryFolder()
  const isMounted = await run('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', path]).then(
    () => true,
    () => false,
  )
  if (!isMounted) return null
  return {
    path,
    remount: async (how) => void (await run('mount', ['-o', `remount,${how}`, path])),
    free: async () => void (await run('umount', [path])),
  }
}

describe('the disk', () => {
  test('that is full leaves the registry as it was, and it goes on when there is room', async (context) => {
    const disk = await mountSmall('700k')
    if (disk === null) return context.skip()
    try {
      const registry = openRegistry(disk.path)
      const errors: unknown[] = []
      for (let version = 1; errors.length === 0 && version < 1000; version++) {
        await registry.add(await modelVariant(`${version}.0`), BY).catch((error) => errors.push(error))
        const [newest] = (await registry.list()).slice(-1)
        if (newest !== undefined && errors.length === 0)
          await registry.promote(newest.version, 'champion', BY).catch((error) => errors.push(error))
      }
      expect(errors).toEqual([expect.objectContaining({ code: 'DISK_FULL' })])
      const whole = await checkWhole(disk.path)
      expect((await whole.current('champion')).version).toMatch(/^v\d+$/)
      expect(await readdir(registryPaths(disk.path).staging)).toEqual([])
      await disk.remount('size=20m')
      await whole.add(await modelVariant('room'), BY)
      await checkWhole(disk.path)
    } finally {
      await disk.free()
    }
  })

  test('that can only be read is served from, and refuses to be written to', async (context) => {
    const disk = await mountSmall('20m')
    if (disk === null) return context.skip()
    try {
      await openRegistry(disk.path).add(await modelVariant('1.0'), BY)
      await openRegistry(disk.path).promote('v1', 'champion', BY)
      await disk.remount('ro')
      const registry = await checkWhole(disk.path)
      expect(await openModelFolder((await registry.current('champion')).path)).toMatchObject({ derived: false })
      const folder = await modelVariant('2.0')
      await expect(registry.promote('v1', 'other', BY)).rejects.toMatchObject({ code: 'REGISTRY_UNUSABLE' })
      await expect(registry.add(folder, BY)).rejects.toMatchObject({ code: 'REGISTRY_UNUSABLE' })
    } finally {
      await disk.free()
    }
  })

  test('where a file stands in place of the registry is an error with a code', async () => {
    const home = await temporaryFolder()
    await writeFile(join(home, 'models'), 'a file')
    await expect(openRegistry(home).add(await modelVariant('1.0'), BY)).rejects.toMatchObject({
      code: 'REGISTRY_UNUSABLE',
    })
  })
})
