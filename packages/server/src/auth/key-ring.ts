// The keys as the running server sees them: a change of keys.json counts within half a second.
import { createHash, timingSafeEqual } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { codeOf } from '../errors.ts'
import { type KeyRecord, keyFilePath, parseKeyFile } from './key-file.ts'
import { recordKeyUse } from './keys.ts'

const LOOK_EVERY_MS = 500
const NOTE_EVERY_MS = 3_600_000

interface LiveKey {
  readonly record: KeyRecord
  readonly hash: Buffer
}

export interface KeyRing {
  /** The live key, or null. Compares in constant time. */
  verify(key: string): KeyRecord | null
  /** The live key of this id, or null. */
  find(id: string): KeyRecord | null
  /** Whether there is any live key. */
  isEmpty(): boolean
  /** Writes down when keys were last used. */
  close(): Promise<void>
}

export interface KeyRingOptions {
  readonly home: string
  readonly now: () => number
  /** The file cannot be read: no key is valid until it can. */
  readonly onUnreadable: (error: unknown) => void
}

export function openKeyRing(options: KeyRingOptions): KeyRing {
  const path = keyFilePath(options.home)
  let live: readonly LiveKey[] = []
  let stamp = ''
  let lookedAt = Number.NEGATIVE_INFINITY
  const uses = new Map<string, Date>()
  const noted = new Map<string, number>()
  let noting: Promise<void> = Promise.resolve()

  function refresh(): void {
    const now = options.now()
    if (now - lookedAt < LOOK_EVERY_MS) return
    lookedAt = now
    const seen = stampOf(path)
    if (seen === stamp) return
    stamp = seen
    live = load(path, options.onUnreadable)
  }

  async function noteUses(): Promise<void> {
    if (uses.size === 0) return
    const batch = new Map(uses)
    uses.clear()
    // Only a note: a folder that cannot be written must not break requests.
    await recordKeyUse(options.home, batch).catch(() => undefined)
  }

  function markUsed(id: string): void {
    const now = options.now()
    if (now - (noted.get(id) ?? Number.NEGATIVE_INFINITY) < NOTE_EVERY_MS) return
    noted.set(id, now)
    uses.set(id, new Date(now))
    noting = noting.then(noteUses)
  }

  return {
    verify(key) {
      refresh()
      const hash = createHash('sha256').update(key).digest()
      let found: KeyRecord | null = null
      for (const candidate of live) if (timingSafeEqual(candidate.hash, hash)) found = candidate.record
      if (found !== null) markUsed(found.id)
      return found
    },
    find(id) {
      refresh()
      return live.find((key) => key.record.id === id)?.record ?? null
    },
    isEmpty() {
      refresh()
      return live.length === 0
    },
    close: async () => await noting,
  }
}

function stampOf(path: string): string {
  try {
    const info = statSync(path, { bigint: true })
    return `${info.mtimeNs}/${info.size}/${info.ino}`
  } catch (error) {
    return codeOf(error)
  }
}

function load(path: string, onUnreadable: (error: unknown) => void): readonly LiveKey[] {
  try {
    const records = parseKeyFile(readFileSync(path, 'utf8'), path)
    return records
      .filter((record) => record.revoked === null)
      .map((record) => ({ record, hash: Buffer.from(record.hash, 'hex') }))
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') onUnreadable(error)
    return []
  }
}
