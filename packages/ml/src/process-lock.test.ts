// A lock that says that its holder lives: what another machine makes of it.
import { mkdtemp, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { takeProcessLock } from './process-lock.ts'

const BEAT_MS = 1000
let path = ''
beforeAll(async () => {
  path = join(await mkdtemp(join(tmpdir(), 'renown-lock-')), 'lock')
})
afterAll(async () => await rm(join(path, '..'), { recursive: true }))

async function heldElsewhere(secondsAgo: number): Promise<void> {
  await writeFile(path, JSON.stringify({ pid: 1, host: 'elsewhere', started: null }))
  const then = new Date(Date.now() - 1000 * secondsAgo)
  await utimes(path, then, then)
}

test('of another machine holds while it is heard of, and is taken over once it is not', async () => {
  await heldElsewhere(1)
  expect(await takeProcessLock(path, { beatMs: BEAT_MS })).toMatchObject({ lock: null, holder: { host: 'elsewhere' } })
  await heldElsewhere(3600)
  expect(await takeProcessLock(path)).toMatchObject({ lock: null })
  const { lock } = await takeProcessLock(path, { beatMs: BEAT_MS })
  expect(lock).not.toBeNull()
  await lock?.release()
})

test('is heard of as long as it is held', async () => {
  const { lock } = await takeProcessLock(path, { beatMs: 20 })
  const long = new Date(0)
  await utimes(path, long, long)
  await expect.poll(async () => (await stat(path)).mtimeMs).toBeGreaterThan(0)
  await lock?.release()
  await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' })
})
