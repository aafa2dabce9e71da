// API keys: made, listed, revoked.
import { createHash, randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import type { Scope } from '@renown/contract/scopes'
import { ServerError } from '../errors.ts'
import { withFileLock, writeFileWhole } from '../file-lock.ts'
import { type KeyRecord, keyFilePath, readKeyFile, renderKeyFile } from './key-file.ts'

export interface NewKey {
  /** Shown once, stored nowhere. */
  readonly key: string
  readonly record: KeyRecord
}

export interface CreateKeyOptions {
  readonly home: string
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly now?: Date
}

/** Makes a key of 256 random bits. Throws KEYS_INVALID, KEYS_LOCKED, HOME_UNUSABLE. */
export async function createKey(options: CreateKeyOptions): Promise<NewKey> {
  const key = `rk_${randomBytes(32).toString('base64url')}`
  const record: KeyRecord = {
    id: randomBytes(6).toString('hex'),
    name: cleanName(options.name),
    hash: hashKey(key),
    scopes: [...new Set(options.scopes)],
    created: (options.now ?? new Date()).toISOString(),
    revoked: null,
    lastUsed: null,
  }
  if (record.scopes.length === 0) throw new ServerError('SETTING_INVALID', 'scopes: expected at least one')
  await updateKeys(options.home, (keys) => [...keys, record])
  return { key, record }
}

/** Throws KEYS_INVALID. */
export async function listKeys(options: { readonly home: string }): Promise<readonly KeyRecord[]> {
  return await readKeyFile(options.home)
}

export interface RevokeKeyOptions {
  readonly home: string
  /** The id, or the name where only one live key has it. */
  readonly key: string
  readonly now?: Date
}

/** From then on the key and its sessions are refused, also by a server that runs. Throws KEY_NOT_FOUND. */
export async function revokeKey(options: RevokeKeyOptions): Promise<KeyRecord> {
  const revoked = (options.now ?? new Date()).toISOString()
  let result: KeyRecord | null = null
  await updateKeys(options.home, (keys) => {
    const found = findKey(keys, options.key)
    result = { ...found, revoked: found.revoked ?? revoked }
    return keys.map((key) => (key.id === found.id && result !== null ? result : key))
  })
  if (result === null) throw new ServerError('KEY_NOT_FOUND', `there is no key "${options.key}"`)
  return result
}

/** Notes when keys were used; keys that are gone are left alone. */
export async function recordKeyUse(home: string, uses: ReadonlyMap<string, Date>): Promise<void> {
  await updateKeys(home, (keys) =>
    keys.map((key) => {
      const used = uses.get(key.id)
      return used === undefined ? key : { ...key, lastUsed: used.toISOString() }
    }),
  )
}

export function hashKey(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}

function findKey(keys: readonly KeyRecord[], wanted: string): KeyRecord {
  const byId = keys.find((key) => key.id === wanted)
  if (byId !== undefined) return byId
  const byName = keys.filter((key) => key.name === wanted && key.revoked === null)
  const [only] = byName
  if (byName.length === 1 && only !== undefined) return only
  const found = byName.length === 0 ? 'none' : `${byName.length} of that name: use an id`
  throw new ServerError(
    'KEY_NOT_FOUND',
    `there is no key "${wanted}": expected the id or name of a key, found ${found}`,
  )
}

async function updateKeys(home: string, change: (keys: KeyRecord[]) => KeyRecord[]): Promise<void> {
  await makeHome(home)
  const path = keyFilePath(home)
  const done = await withFileLock(path, async () => {
    await writeFileWhole(path, renderKeyFile(change(await readKeyFile(home))))
    return true
  })
  if (done === null)
    throw new ServerError('KEYS_LOCKED', `${path}: another process keeps ${path}.lock; remove it if none does`)
}

/** The data folder, for its owner only. Throws HOME_UNUSABLE. */
export async function makeHome(home: string): Promise<void> {
  try {
    await mkdir(home, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw new ServerError('HOME_UNUSABLE', `data folder ${home}: ${(cause as Error).message}`, { cause })
  }
}

function cleanName(name: string): string {
  const clean = name
    .replace(/\p{Cc}/gu, ' ')
    .trim()
    .slice(0, 100)
  if (clean === '') throw new ServerError('SETTING_INVALID', 'name: expected a name for the key')
  return clean
}
