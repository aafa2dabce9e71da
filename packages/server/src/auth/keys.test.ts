// Keys and sessions.
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openKeyRing } from './key-ring.ts'
import { createKey, listKeys, revokeKey } from './keys.ts'
import { createSessions } from './sessions.ts'

let home: string
let time = 0
const now = (): number => time
const problems: unknown[] = []

beforeEach(async () => {
  home = join(await mkdtemp(join(tmpdir(), 'renown-keys-')), 'home')
  time = 1_000_000
  problems.length = 0
})
afterEach(async () => await rm(home, { recursive: true, force: true }))

function openRing(): ReturnType<typeof openKeyRing> {
  return openKeyRing({ home, now, onUnreadable: (error) => problems.push(error) })
}

describe('keys', () => {
  test('a key is 256 random bits, kept as a hash in a file that only its owner may read', async () => {
    const { key, record } = await createKey({ home, name: 'ci', scopes: ['read'] })
    expect(key).toMatch(/^rk_[A-Za-z0-9_-]{43}$/)
    const text = await readFile(join(home, 'keys.json'), 'utf8')
    expect(text).not.toContain(key.slice(3))
    expect(text).toContain(record.hash)
    expect((await stat(join(home, 'keys.json'))).mode & 0o777).toBe(0o600)
    expect((await stat(home)).mode & 0o777).toBe(0o700)
  })

  test('twenty made at the same time are all there, and no temporary file stays', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, i) => createKey({ home, name: `k${i}`, scopes: ['read'] })))
    expect(await listKeys({ home })).toHaveLength(20)
    expect(await readdir(home)).toEqual(['keys.json'])
  })

  test('a lock whose owner died is taken over', async () => {
    await createKey({ home, name: 'a', scopes: ['read'] })
    const lock = join(home, 'keys.json.lock')
    await writeFile(lock, '')
    await utimes(lock, new Date(Date.now() - 60_000), new Date(Date.now() - 60_000))
    await createKey({ home, name: 'b', scopes: ['read'] })
    expect(await listKeys({ home })).toHaveLength(2)
  })

  test('is revoked by id, or by a name that only one live key has', async () => {
    const a = await createKey({ home, name: 'same', scopes: ['read'] })
    await createKey({ home, name: 'same', scopes: ['read'] })
    await expect(revokeKey({ home, key: 'same' })).rejects.toMatchObject({ code: 'KEY_NOT_FOUND' })
    const revoked = await revokeKey({ home, key: a.record.id })
    expect(revoked.revoked).not.toBeNull()
    await revokeKey({ home, key: 'same' })
    await expect(revokeKey({ home, key: 'nobody' })).rejects.toThrow(/there is no key "nobody"/)
  })

  test('the same name, newlines and nothing are handled', async () => {
    const { record } = await createKey({ home, name: ' a\nb ', scopes: ['read', 'read'] })
    expect(record).toMatchObject({ name: 'a b', scopes: ['read'] })
    await expect(createKey({ home, name: ' ', scopes: ['read'] })).rejects.toThrow(/expected a name/)
    await expect(createKey({ home, name: 'x', scopes: [] })).rejects.toThrow(/at least one/)
  })

  test('a damaged file is an error, never an empty list', async () => {
    await createKey({ home, name: 'a', scopes: ['read'] })
    for (const text of ['{', '[]', '{"format":2,"keys":[]}', '{"format":1,"keys":[{"id":"x"}]}']) {
      await writeFile(join(home, 'keys.json'), text)
      await expect(listKeys({ home })).rejects.toMatchObject({ code: 'KEYS_INVALID' })
    }
  })
})

describe('the ring of a running server', () => {
  test('knows a key, and not another', async () => {
    const { key, record } = await createKey({ home, name: 'a', scopes: ['read'] })
    const ring = openRing()
    expect(ring.verify(key)?.id).toBe(record.id)
    expect(ring.verify(`${key.slice(0, -1)}_`)).toBeNull()
    expect(ring.verify('')).toBeNull()
    await ring.close()
  })

  test('sees a new key and a revocation within half a second', async () => {
    const ring = openRing()
    expect(ring.isEmpty()).toBe(true)
    const { key, record } = await createKey({ home, name: 'a', scopes: ['read'] })
    time += 500
    expect(ring.verify(key)?.id).toBe(record.id)
    await revokeKey({ home, key: record.id })
    time += 500
    expect(ring.verify(key)).toBeNull()
    expect(ring.find(record.id)).toBeNull()
    await ring.close()
  })

  test('a damaged file makes no key valid, and says so', async () => {
    const { key } = await createKey({ home, name: 'a', scopes: ['read'] })
    await writeFile(join(home, 'keys.json'), '{')
    const ring = openRing()
    expect(ring.verify(key)).toBeNull()
    expect(problems).toHaveLength(1)
  })

  test('notes when a key was used, once an hour', async () => {
    const { key } = await createKey({ home, name: 'a', scopes: ['read'] })
    const ring = openRing()
    ring.verify(key)
    await expect.poll(async () => (await listKeys({ home }))[0]?.lastUsed).toBe(new Date(time).toISOString())
    const before = (await listKeys({ home }))[0]?.lastUsed
    time += 1_000_000
    ring.verify(key)
    await ring.close()
    expect((await listKeys({ home }))[0]?.lastUsed).toBe(before)
  })
})

describe('sessions', () => {
  test('stand for their key until they end, expire, or the key is revoked', async () => {
    const { key, record } = await createKey({ home, name: 'a', scopes: ['read'] })
    const ring = openRing()
    const sessions = createSessions({ keys: ring, now })
    const live = ring.verify(key)
    if (live === null) throw new Error('expected a live key')
    const [ended, expired, revoked] = [sessions.open(live), sessions.open(live), sessions.open(live)]
    expect(sessions.find(ended)?.id).toBe(record.id)
    sessions.end(ended)
    expect(sessions.find(ended)).toBeNull()
    time += 12 * 3_600_000
    expect(sessions.find(expired)).toBeNull()
    time -= 1000
    expect(sessions.find(revoked)?.id).toBe(record.id)
    await revokeKey({ home, key: record.id })
    time += 600
    expect(sessions.find(revoked)).toBeNull()
    await ring.close()
  })
})
