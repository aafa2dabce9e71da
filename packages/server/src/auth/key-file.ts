// keys.json in the data folder: what is known of each API key. The keys themselves are nowhere.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SCOPES, type Scope } from '@renown/contract/scopes'
import { codeOf, ServerError } from '../errors.ts'

export interface KeyRecord {
  readonly id: string
  readonly name: string
  /**
   * SHA-256 of the key, hex. A fast hash suffices: the key is 256 random bits, so there is nothing to guess, unlike a
   * password, for which slow hashes exist.
   */
  readonly hash: string
  readonly scopes: readonly Scope[]
  readonly created: string
  readonly revoked: string | null
  /** Coarse: within the hour. */
  readonly lastUsed: string | null
}

export function keyFilePath(home: string): string {
  return join(home, 'keys.json')
}

/** Empty where there is no file. Throws KEYS_INVALID. */
export async function readKeyFile(home: string): Promise<KeyRecord[]> {
  const path = keyFilePath(home)
  try {
    return parseKeyFile(await readFile(path, 'utf8'), path)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return []
    throw error
  }
}

/** Throws KEYS_INVALID. */
export function parseKeyFile(text: string, path: string): KeyRecord[] {
  const json = parseJson(text, path)
  if (json.format !== 1) throw new ServerError('KEYS_INVALID', `${path}: expected format 1`)
  if (!Array.isArray(json.keys)) throw new ServerError('KEYS_INVALID', `${path}: expected a list "keys"`)
  return json.keys.map((entry: unknown, index) => readRecord(entry, `${path}: keys[${index}]`))
}

export function renderKeyFile(keys: readonly KeyRecord[]): string {
  const records = keys.map(({ lastUsed, ...key }) => ({ ...key, last_used: lastUsed }))
  return `${JSON.stringify({ format: 1, keys: records }, null, 2)}\n`
}

function parseJson(text: string, path: string): Record<string, unknown> {
  try {
    const json: unknown = JSON.parse(text)
    if (isObject(json)) return json
  } catch (cause) {
    throw new ServerError('KEYS_INVALID', `${path}: expected JSON`, { cause })
  }
  throw new ServerError('KEYS_INVALID', `${path}: expected an object`)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function readRecord(entry: unknown, where: string): KeyRecord {
  const fields = isObject(entry) ? entry : {}
  const { id, name, hash, scopes, created, revoked = null, last_used: lastUsed = null } = fields
  const isValid =
    isText(id) &&
    isText(name) &&
    isText(hash) &&
    /^[0-9a-f]{64}$/.test(hash) &&
    Array.isArray(scopes) &&
    scopes.every(isScope) &&
    isText(created) &&
    (revoked === null || isText(revoked)) &&
    (lastUsed === null || isText(lastUsed))
  if (!isValid) throw new ServerError('KEYS_INVALID', `${where}: expected id, name, hash, scopes and created`)
  return { id, name, hash, scopes, created, revoked, lastUsed }
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

export function isScope(value: unknown): value is Scope {
  return SCOPES.some((scope) => scope === value)
}
