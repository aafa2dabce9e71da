// `renown keys create | list | revoke`.
import { createKey, listKeys, revokeKey } from '@renown/server/keys'
import { CliError } from './errors.ts'
import { EXIT_OK } from './exit-codes.ts'
import { formatTable } from './format/table.ts'
import { type Io, note, printJson, writeAll } from './io.ts'
import { readModelSettings } from './settings.ts'

export interface KeysFlags {
  readonly home?: string
  readonly config?: string
  readonly json?: boolean
}

export interface CreateKeyFlags extends KeysFlags {
  readonly name: string
  readonly scopes: readonly string[]
}

/** The key alone goes to standard output, so that a script can take it. */
export async function createNewKey(io: Io, flags: CreateKeyFlags): Promise<number> {
  const { home } = await readModelSettings(io, flags)
  const { key, record } = await createKey({ home, name: flags.name, scopes: flags.scopes.map(toScope) })
  const { id, name, scopes } = record
  if (flags.json === true) return await printJson(io, { id, name, scopes, key })
  await writeAll(io.stdout, `${key}\n`)
  note(io, `Key "${name}" (${id}) may ${scopes.join(', ')}. It is shown this once: keep it.`)
  note(io, 'Requests carry it so: Authorization: Bearer KEY')
  return EXIT_OK
}

type Scope = Parameters<typeof createKey>[0]['scopes'][number]

const SCOPES: readonly Scope[] = ['read', 'write', 'deploy', 'admin']

function toScope(name: string): Scope {
  const scope = SCOPES.find((known) => known === name)
  if (scope !== undefined) return scope
  throw new CliError('USAGE_INVALID', `--scopes: expected some of ${SCOPES.join(', ')}, got "${name}"`)
}

export async function listAllKeys(io: Io, flags: KeysFlags): Promise<number> {
  const { home } = await readModelSettings(io, flags)
  const keys = await listKeys({ home })
  if (flags.json === true)
    return await printJson(
      io,
      keys.map(({ hash: _, ...shown }) => shown),
    )
  if (keys.length === 0) {
    note(io, 'There are no keys; `renown keys create --name NAME` makes one')
    return EXIT_OK
  }
  const rows = keys.map((key) => [
    key.id,
    key.name,
    key.scopes.join(', '),
    key.created.slice(0, 10),
    key.lastUsed?.slice(0, 10) ?? 'never',
    key.revoked === null ? '' : `revoked ${key.revoked.slice(0, 10)}`,
  ])
  await writeAll(io.stdout, `${formatTable(['id', 'name', 'scopes', 'created', 'last used', ''], rows)}\n`)
  return EXIT_OK
}

export async function revokeOneKey(io: Io, key: string, flags: KeysFlags): Promise<number> {
  const { home } = await readModelSettings(io, flags)
  const { id, name } = await revokeKey({ home, key })
  if (flags.json === true) return await printJson(io, { id, name, revoked: true })
  await writeAll(io.stdout, `Key "${name}" (${id}) is revoked\n`)
  return EXIT_OK
}
