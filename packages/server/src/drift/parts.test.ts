// Tests of the parts beneath the monitor: files of sketches, the sample, the queue.
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ModelFolder } from '@renown/models'
import { emptyReference, observe, STRATA, type Stratum, sketchPosts } from '@renown/reputation'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createFollower } from './follow-model.ts'
import { createLabelSample } from './label-sample.ts'
import type { ModelWatch } from './model-watch.ts'
import { createSketchStore, HOUR_MS } from './sketch-store.ts'
import { createTextQueue } from './text-queue.ts'

const NOON = Date.parse('2026-03-10T12:30:00Z')
const POST = observe({
  text: 'made up',
  label: 'neutral',
  scores: { negative: 0.1, neutral: 0.8, positive: 0.1 },
  tokens: 2,
  unknownTokens: 0,
})

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'renown-drift-'))
})
afterAll(async () => await rm(root, { recursive: true, force: true }))

describe('sketches on disk', () => {
  test('are of whole hours, and files that cannot be read are left out', async () => {
    const folder = join(root, 'hours')
    const store = createSketchStore(folder, emptyReference())
    for (const hours of [0, 0, 1, 30]) store.add(NOON - hours * HOUR_MS, POST)
    await store.save()
    await writeFile(join(folder, 'sketch-2026-03-10T12.broken.json'), '{"format":1,"sketch":{}}')
    await writeFile(join(folder, 'sketch-2026-03-10T11.broken.json'), 'oops')
    const again = createSketchStore(folder, emptyReference())
    expect(sketchPosts(await again.read(NOON - 24 * HOUR_MS, NOON + 1))).toBe(3)
    expect(sketchPosts(await again.read(NOON - 48 * HOUR_MS, NOON - 24 * HOUR_MS))).toBe(1)
    expect(sketchPosts(await again.read(NOON, NOON + 1))).toBe(2)
  })

  test('of a process go on in a new file where the old one is closed', async () => {
    const folder = join(root, 'closed')
    const store = createSketchStore(folder, emptyReference())
    store.add(NOON, POST)
    for (let hour = 1; hour <= 6; hour++) {
      await store.save()
      store.add(NOON + hour * HOUR_MS, POST)
    }
    await store.save()
    store.add(NOON, POST)
    await store.save()
    expect((await readdir(folder)).filter((name) => name.includes('T12.'))).toHaveLength(2)
    expect(sketchPosts(await store.read(NOON, NOON + 7 * HOUR_MS))).toBe(8)
  })

  test('of another process are seen as it goes on, also where this one is an hour ahead', async () => {
    const folder = join(root, 'ahead')
    const [other, ahead] = [createSketchStore(folder, emptyReference()), createSketchStore(folder, emptyReference())]
    other.add(NOON, POST)
    await other.save()
    ahead.add(NOON + 1000 * HOUR_MS, POST)
    expect(sketchPosts(await ahead.read(NOON, NOON + 1))).toBe(1)
    other.add(NOON, POST)
    await other.save()
    expect(sketchPosts(await ahead.read(NOON, NOON + 1))).toBe(2)
  })

  test('are no more than so many', async () => {
    const folder = join(root, 'many')
    const store = createSketchStore(folder, emptyReference())
    store.add(NOON, POST)
    await store.save()
    await Promise.all(
      Array.from({ length: 1520 }, async (_, at) => {
        const hour = new Date(at * HOUR_MS).toISOString().slice(0, 13)
        await writeFile(join(folder, `sketch-${hour}.old.json`), '')
      }),
    )
    await store.save()
    expect(await readdir(folder)).toHaveLength(1500)
    expect(sketchPosts(await store.read(NOON, NOON + 1))).toBe(1)
  })
})

describe('the sample', () => {
  test('keeps so many texts of a stratum and day, each with the same chance', async () => {
    let seed = 1
    const random = (): number => {
      seed = (seed * 48_271) % 2_147_483_647
      return seed / 2_147_483_647
    }
    const options = { isKept: true, now: () => NOON, random }
    let late = 0
    for (let round = 0; round < 20; round++) {
      const sample = createLabelSample(join(root, `sample-${round}`), options)
      for (let at = 0; at < 200; at++) sample.offer(`text ${at}`, 'neutral', 0.9, NOON)
      const { waiting } = await sample.counts()
      expect(waiting).toBe(20)
      const sizes = Object.fromEntries(STRATA.map((name) => [name, 1])) as Record<Stratum, number>
      late += (await sample.next(100, sizes)).filter(({ text }) => Number(text.slice(5)) >= 100).length
    }
    expect(late).toBeGreaterThan(150)
    expect(late).toBeLessThan(250)
  })

  test('forgets texts after seven days, and keeps their labels no longer in the count', async () => {
    let now = NOON
    const sample = createLabelSample(join(root, 'forgets'), { isKept: true, now: () => now, random: Math.random })
    sample.offer('one', 'neutral', 0.9, now)
    sample.offer('two', 'neutral', 0.9, now)
    await sample.save()
    const sizes = Object.fromEntries(STRATA.map((name) => [name, 1])) as Record<Stratum, number>
    const [first] = await sample.next(1, sizes)
    expect(await sample.label(first!.id, 'neutral')).toBe(true)
    expect((await sample.counts()).counts.neutral_sure).toEqual({ labelled: 1, right: 1 })
    now += 8 * 24 * HOUR_MS
    await sample.save()
    expect(await sample.counts()).toMatchObject({ waiting: 0, counts: { neutral_sure: { labelled: 0, right: 0 } } })
  })
})

describe('following the model that serves', () => {
  const folders = ['a', 'b'].map((name) => ({ path: `/${name}`, hash: name }) as ModelFolder)
  const watchOf = ({ hash }: ModelFolder): ModelWatch => ({ version: hash }) as ModelWatch

  test('opens each once, and leaves the one before', async () => {
    let serving: ModelFolder | null = null
    const told: string[] = []
    const follower = createFollower({
      folder: () => serving,
      open: async (folder) => {
        told.push(`open ${folder.hash}`)
        return watchOf(folder)
      },
      leave: async () => void told.push(`leave ${follower.current()?.version ?? 'nothing'}`),
      onFailure: (error) => told.push(String(error)),
    })
    expect(await follower.follow()).toBeNull()
    serving = folders[0]!
    await Promise.all([follower.follow(), follower.follow()])
    expect(follower.current()?.version).toBe('a')
    serving = folders[1]!
    follower.notice()
    expect(follower.current()?.version).toBe('a')
    expect((await follower.follow())?.version).toBe('b')
    expect(told).toEqual(['leave nothing', 'open a', 'leave a', 'open b'])
  })

  test('goes without where a profile cannot be read, and says so once', async () => {
    const failures: unknown[] = []
    const follower = createFollower({
      folder: () => folders[0]!,
      open: async () => await Promise.reject(new Error('damaged')),
      leave: async () => undefined,
      onFailure: (error) => failures.push(error),
    })
    expect([await follower.follow(), await follower.follow()]).toEqual([null, null])
    expect(failures).toHaveLength(1)
  })
})

test('the queue takes a burst, then as many as the clock allows, and never more than wait for it', async () => {
  let elapsed = 0
  const taken: number[] = []
  const queue = createTextQueue<number>({
    rate: 10,
    burst: 25,
    elapsed: () => elapsed,
    take: (item) => taken.push(item),
  })
  const offered = (count: number): number =>
    Array.from({ length: count }, (_, at) => queue.offer(at)).filter(Boolean).length
  expect(offered(40)).toBe(25)
  expect(taken).toEqual([])
  await queue.drained()
  expect(taken).toHaveLength(25)
  elapsed = 1000
  expect(offered(40)).toBe(10)
  elapsed = 100_000
  expect(offered(40)).toBe(15)
  await queue.drained()
  expect(taken).toHaveLength(50)
})
