// Decides how an alias moves, from the state alone.
import { ModelsError } from '../errors.ts'
import type { AliasChange, Evidence } from './events.ts'
import { isVersion } from './references.ts'
import type { AliasRecord, RegistryState, VersionRecord } from './registry-state.ts'

export interface MoveOptions {
  readonly evidence?: readonly Evidence[]
  /** What the alias must name now, null for nothing; anything unless given. */
  readonly expect?: string | null
}

/** Null where the alias names the version already. Throws ALIAS_MOVED, VERSION_NOT_FOUND, VERSION_PRUNED. */
export function planPromotion(
  state: RegistryState,
  alias: string,
  to: string,
  { expect, evidence = [] }: MoveOptions,
): AliasChange | null {
  findVersion(state, to)
  const from = checkExpected(state, alias, expect)
  return from === to ? null : { kind: 'promoted', alias, from, to, evidence }
}

/**
 * To the version that the alias named before the current one was promoted; again, and it goes to the one before that.
 * Throws ALIAS_NOT_SET, ALIAS_MOVED, ROLLBACK_REFUSED (there is none before), VERSION_PRUNED.
 */
export function planRollback(state: RegistryState, alias: string, { expect, evidence = [] }: MoveOptions): AliasChange {
  const { path, version: from } = findAlias(state, alias)
  checkExpected(state, alias, expect)
  const to = path.at(-2)
  if (to === undefined) {
    throw new ModelsError('ROLLBACK_REFUSED', `"${alias}" can't go back: ${from} is the first version that it named`)
  }
  findVersion(state, to)
  return { kind: 'rolled-back', alias, from, to, evidence }
}

function checkExpected({ aliases }: RegistryState, alias: string, expect?: string | null): string | null {
  const now = aliases.get(alias)?.version ?? null
  if (expect === undefined || expect === now) return now
  throw new ModelsError(
    'ALIAS_MOVED',
    `"${alias}" was moved by somebody else: expected it to name ${expect ?? 'nothing'}, got ${now ?? 'nothing'}`,
  )
}

/** A version that can be opened. Throws VERSION_NOT_FOUND, VERSION_PRUNED. */
export function findVersion({ versions }: RegistryState, version: string): VersionRecord {
  const record = versions.get(version)
  if (record === undefined) {
    const what = isVersion(version) ? `no version ${version}` : `no version "${version}"`
    throw new ModelsError('VERSION_NOT_FOUND', `there is ${what}: expected one of ${listLiving(versions)}`)
  }
  if (record.pruned === null) return record
  const { time, who, why } = record.pruned
  throw new ModelsError(
    'VERSION_PRUNED',
    `version ${version} was removed at ${time} by ${who} (${why}): expected one of ${listLiving(versions)}`,
  )
}

function listLiving(versions: RegistryState['versions']): string {
  const living = [...versions.values()].filter(({ pruned }) => pruned === null).map(({ version }) => version)
  return living.join(', ') || 'those that `renown models add` makes; there is none yet'
}

/** Throws ALIAS_NOT_SET. */
export function findAlias({ aliases }: RegistryState, alias: string): AliasRecord {
  const record = aliases.get(alias)
  if (record !== undefined) return record
  const set = [...aliases.keys()].join(', ') || 'none'
  throw new ModelsError(
    'ALIAS_NOT_SET',
    `no version is "${alias}" yet: \`renown models promote VERSION ${alias}\` sets it (aliases that are set: ${set})`,
  )
}
