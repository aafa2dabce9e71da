// What a registry is after its events: versions and aliases, computed from the log and kept nowhere else.
import { ModelsError } from '../errors.ts'
import type { AliasChange, RegistryEvent, VersionAdded } from './events.ts'

export interface VersionRecord extends Omit<VersionAdded, 'kind'> {
  readonly added: string
  readonly who: string
  readonly why: string
  readonly pruned: { readonly time: string; readonly who: string; readonly why: string } | null
}

export interface AliasRecord {
  readonly alias: string
  readonly version: string
  readonly since: string
  /** Number of the event that set it. */
  readonly sequence: number
  /** What rollbacks go through, the current version last. */
  readonly path: readonly string[]
}

export interface RegistryState {
  readonly events: readonly RegistryEvent[]
  readonly versions: ReadonlyMap<string, VersionRecord>
  readonly aliases: ReadonlyMap<string, AliasRecord>
}

export const EMPTY_STATE: RegistryState = { events: [], versions: new Map(), aliases: new Map() }

/** The state with one event more. Throws REGISTRY_INVALID where that event can't follow the others. */
export function applyEvent(state: RegistryState, event: RegistryEvent): RegistryState {
  const sequence = state.events.length + 1
  if (event.sequence !== sequence) refuse(sequence, `expected its number to be ${sequence}, got ${event.sequence}`)
  const events = [...state.events, event]
  if (event.kind === 'added') return { ...state, events, versions: addVersion(state, event) }
  if (event.kind === 'pruned') return { ...state, events, versions: pruneVersions(state, event) }
  if (event.kind === 'published') {
    // It may have been removed while it was sent.
    if (!state.versions.has(event.version)) refuse(sequence, `it names ${event.version}, which was never added`)
    return { ...state, events }
  }
  return { ...state, events, aliases: moveAlias(state, event) }
}

function addVersion({ versions }: RegistryState, event: RegistryEvent & VersionAdded): RegistryState['versions'] {
  const { version, name, modelVersion, hash, files, time: added, who, why } = event
  if (versions.has(version)) refuse(event.sequence, `it adds ${version}, which there is already`)
  return new Map(versions).set(version, { version, name, modelVersion, hash, files, added, who, why, pruned: null })
}

function pruneVersions(
  { versions, aliases }: RegistryState,
  event: RegistryEvent & { readonly kind: 'pruned' },
): RegistryState['versions'] {
  const { time, who, why } = event
  const named = [...aliases.values()].map(({ version }) => version)
  const after = new Map(versions)
  for (const version of event.versions) {
    const record = livingVersion(versions, version, event.sequence)
    if (named.includes(version)) refuse(event.sequence, `it removes ${version}, which an alias names`)
    after.set(version, { ...record, pruned: { time, who, why } })
  }
  return after
}

function moveAlias({ versions, aliases }: RegistryState, event: RegistryEvent & AliasChange): RegistryState['aliases'] {
  const { alias, from, to, sequence, time: since } = event
  const before = aliases.get(alias)
  livingVersion(versions, to, sequence)
  if ((before?.version ?? null) !== from) {
    refuse(sequence, `it moves "${alias}" away from ${from}, which named ${before?.version ?? 'nothing'}`)
  }
  const way = before?.path ?? []
  if (event.kind === 'rolled-back' && way.at(-2) !== to) refuse(sequence, `it rolls back to ${to}, which wasn't before`)
  const path = event.kind === 'promoted' ? [...way, to] : way.slice(0, -1)
  return new Map(aliases).set(alias, { alias, version: to, since, sequence, path })
}

function livingVersion(versions: RegistryState['versions'], version: string, sequence: number): VersionRecord {
  const record = versions.get(version)
  if (record === undefined) refuse(sequence, `it names ${version}, which was never added`)
  if (record.pruned !== null) refuse(sequence, `it names ${version}, which had been removed`)
  return record
}

function refuse(sequence: number, reason: string): never {
  throw new ModelsError('REGISTRY_INVALID', `the registry's log contradicts itself in event ${sequence}: ${reason}`)
}
