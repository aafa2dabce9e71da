// Tests of how aliases move, and of what the log can answer.
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { resolveModel } from '../resolve-model.ts'
import { removeTemporaryFolders, temporaryFolder } from '../test-fixtures.ts'
import { openRegistry, type Registry } from './registry.ts'
import { registryPaths } from './registry-paths.ts'
import { BY, modelVariant } from './test-registry.ts'

afterEach(removeTemporaryFolders)

const HOUR_MS = 3_600_000
const START = Date.parse('2026-03-01T00:00:00Z')

/** A registry with so many versions, whose clock is the test's. */
async function createRegistry(
  versions: number,
): Promise<{ home: string; registry: Registry; at: (hour: number) => Date }> {
  const home = await temporaryFolder()
  const clock = { now: new Date(START) }
  const registry = openRegistry(home, { clock: () => clock.now })
  for (let version = 1; version <= versions; version++) await registry.add(await modelVariant(`${version}.0`), BY)
  const at = (hour: number): Date => {
    clock.now = new Date(START + hour * HOUR_MS)
    return clock.now
  }
  return { home, registry, at }
}

describe('promote and rollback', () => {
  test('move an alias, and say what it named before', async () => {
    const { registry } = await createRegistry(2)
    expect(await registry.promote('v1', 'champion', BY)).toMatchObject({
      from: null,
      moved: true,
      current: { version: 'v1' },
    })
    expect(await registry.promote('v2', 'champion', BY)).toMatchObject({
      from: 'v1',
      moved: true,
      current: { version: 'v2' },
    })
    expect(await registry.promote('v2', 'champion', BY)).toMatchObject({ from: 'v2', moved: false })
    expect(await registry.rollback('champion', BY)).toMatchObject({
      from: 'v2',
      moved: true,
      current: { version: 'v1' },
    })
    expect((await registry.events()).map(({ kind }) => kind)).toEqual([
      'added',
      'added',
      'promoted',
      'promoted',
      'rolled-back',
    ])
  })

  test('a rollback after a rollback goes further back, and ends at the first version', async () => {
    const { registry } = await createRegistry(3)
    for (const version of ['v1', 'v2', 'v3']) await registry.promote(version, 'champion', BY)
    await registry.rollback('champion', BY)
    expect((await registry.rollback('champion', BY)).current.version).toBe('v1')
    await expect(registry.rollback('champion', BY)).rejects.toMatchObject({ code: 'ROLLBACK_REFUSED' })
    await expect(registry.rollback('challenger', BY)).rejects.toMatchObject({ code: 'ALIAS_NOT_SET' })
    await registry.promote('v3', 'champion', BY)
    expect((await registry.rollback('champion', BY)).current.version).toBe('v1')
  })

  test('are refused where the alias names something else than expected', async () => {
    const { registry } = await createRegistry(2)
    await registry.promote('v1', 'champion', { ...BY, expect: null })
    for (const expected of [null, 'v2']) {
      await expect(registry.promote('v2', 'champion', { ...BY, expect: expected })).rejects.toMatchObject({
        code: 'ALIAS_MOVED',
      })
    }
    await expect(registry.rollback('champion', { ...BY, expect: 'v2' })).rejects.toMatchObject({ code: 'ALIAS_MOVED' })
    await registry.promote('v2', 'champion', { ...BY, expect: 'v1' })
    await expect(registry.promote('v3', 'champion', BY)).rejects.toMatchObject({ code: 'VERSION_NOT_FOUND' })
  })
})

describe('history', () => {
  test('says which version an alias named when, who moved it, why, and on what evidence', async () => {
    const { registry, at } = await createRegistry(2)
    const evidence = [{ name: 'gate.json', sha256: 'a'.repeat(64) }]
    at(1)
    await registry.promote('v1', 'champion', BY)
    at(2)
    await registry.promote('v1', 'challenger', BY)
    at(3)
    await registry.promote('v2', 'champion', { who: 'grace', why: 'better', evidence })
    at(5)
    await registry.rollback('champion', BY)
    expect(await registry.history('champion')).toEqual([
      {
        alias: 'champion',
        version: 'v1',
        from: at(1).toISOString(),
        until: at(3).toISOString(),
        kind: 'promoted',
        ...BY,
        evidence: [],
      },
      {
        alias: 'champion',
        version: 'v2',
        from: at(3).toISOString(),
        until: at(5).toISOString(),
        kind: 'promoted',
        who: 'grace',
        why: 'better',
        evidence,
      },
      {
        alias: 'champion',
        version: 'v1',
        from: at(5).toISOString(),
        until: null,
        kind: 'rolled-back',
        ...BY,
        evidence: [],
      },
    ])
    const then = async (hour: number): Promise<string | undefined> =>
      (await registry.servedAt('champion', at(hour)))?.version
    expect([await then(0), await then(1), await then(4), await then(5)]).toEqual([undefined, 'v1', 'v2', 'v1'])
  })
})

describe('current', () => {
  test('has another token after each move of the alias, and after no other event', async () => {
    const { home, registry } = await createRegistry(2)
    const follower = openRegistry(home)
    await expect(follower.current('champion')).rejects.toMatchObject({ code: 'ALIAS_NOT_SET' })
    await registry.promote('v1', 'champion', BY)
    const first = await follower.current('champion')
    await registry.promote('v2', 'challenger', BY)
    expect(await follower.current('champion')).toEqual(first)
    await registry.promote('v2', 'champion', BY)
    const second = await follower.current('champion')
    expect(second).toMatchObject({ version: 'v2', hash: (await registry.show('v2')).hash })
    await registry.rollback('champion', BY)
    const third = await follower.current('champion')
    expect(third.version).toBe('v1')
    expect(new Set([first.token, second.token, third.token]).size).toBe(3)
  })

  test('sees a registry that was restored from a backup, shorter than what was read before', async () => {
    const { home, registry } = await createRegistry(2)
    await registry.promote('v1', 'champion', BY)
    await registry.promote('v2', 'champion', BY)
    expect((await registry.current('champion')).version).toBe('v2')
    await rm(join(registryPaths(home).log, '00000004'), { recursive: true })
    expect((await registry.current('champion')).version).toBe('v1')
  })
})

describe('prune', () => {
  test('keeps the newest, what aliases name, lately named and would roll back to; frees contents of the others', async () => {
    const { home, registry, at } = await createRegistry(7)
    at(1)
    for (const version of ['v1', 'v2', 'v3', 'v4']) await registry.promote(version, 'champion', BY)
    await registry.promote('v5', 'challenger', BY)
    at(24 * 100)
    const rule = { keep: 1, days: 30 }
    expect(await registry.planPrune({ keep: 0, days: 200 })).toEqual(['v6', 'v7'])
    expect(await registry.planPrune(rule)).toEqual(['v1', 'v2', 'v6'])
    const shared = (await registry.show('v1')).files['vocab.txt']!.sha256
    const { versions, bytes } = await registry.prune({ ...BY, ...rule })
    expect(versions).toEqual(['v1', 'v2', 'v6'])
    expect(bytes).toBeGreaterThan(0)
    expect((await registry.list()).map(({ version }) => version)).toEqual(['v3', 'v4', 'v5', 'v7'])
    expect((await registry.show('v3')).files['vocab.txt']!.sha256).toBe(shared)
    expect(await registry.verify()).toMatchObject({ versions: 4, problems: [] })
    await expect(resolveModel('v2', { home })).rejects.toMatchObject({
      code: 'VERSION_PRUNED',
      message: expect.stringMatching(/v2 was removed at 2026-.* by ada \(a test\): expected one of v3, v4, v5, v7$/),
    })
    await expect(registry.promote('v2', 'champion', BY)).rejects.toMatchObject({ code: 'VERSION_PRUNED' })
    expect((await registry.rollback('champion', BY)).current.version).toBe('v3')
    expect(await registry.prune({ ...BY, ...rule })).toEqual({ versions: [], bytes: 0 })
    expect((await registry.add(await modelVariant('8.0'), BY)).version.version).toBe('v8')
  })

  test('removes what dead processes left behind, once it is old', async () => {
    const { home, registry, at } = await createRegistry(1)
    const { versions, staging } = registryPaths(home)
    for (const path of [join(versions, 'v2'), join(staging, 'left')]) await mkdir(path, { recursive: true })
    at(((Date.now() - START) / HOUR_MS) | 0)
    await registry.prune(BY)
    expect((await registry.add(await modelVariant('2.0'), BY)).version.version).toBe('v3')
    at((Date.now() - START) / HOUR_MS + 48)
    await registry.prune(BY)
    expect({ versions: await readdir(versions), staging: await readdir(staging) }).toEqual({
      versions: ['v1', 'v3'],
      staging: [],
    })
  })
})

describe('a publication', () => {
  const publication = { version: 'v1', repository: 'somebody/mood', commit: 'c0ffee', tag: 'v1.0' }

  test('is noted once for each commit and tag, and changes nothing else', async () => {
    const { home, registry } = await createRegistry(1)
    await registry.promote('v1', 'champion', BY)
    await registry.notePublished(publication, BY)
    await openRegistry(home).notePublished(publication, BY)
    await registry.notePublished({ ...publication, tag: null }, BY)
    const events = await openRegistry(home).events()
    expect(events.slice(2)).toMatchObject([
      { kind: 'published', ...publication },
      { kind: 'published', ...publication, tag: null },
    ])
    expect(await registry.current('champion')).toMatchObject({ version: 'v1' })
    expect((await registry.verify()).problems).toEqual([])
  })

  test('of what was never added is refused', async () => {
    const { registry } = await createRegistry(1)
    await expect(registry.notePublished({ ...publication, version: 'v2' }, BY)).rejects.toMatchObject({
      code: 'VERSION_NOT_FOUND',
    })
    expect(await registry.events()).toHaveLength(1)
  })
})
