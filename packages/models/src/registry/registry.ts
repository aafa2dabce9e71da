// The registry: immutable versions of models, aliases that name them, and the log of who moved what, when and why.
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { ModelsError } from '../errors.ts'
import { hashFile } from '../hash-file.ts'
import { MANIFEST_FILE } from '../manifest.ts'
import type { HubOrigin } from '../open-model-folder.ts'
import { type AddedVersion, addVersion } from './add-version.ts'
import { openEventLog } from './event-log.ts'
import type { RegistryChange, RegistryEvent, Signature, VersionPublished } from './events.ts'
import { findBest } from './find-best.ts'
import { onRegistry } from './on-registry.ts'
import { findAlias, findVersion, type MoveOptions, planPromotion, planRollback } from './plan-move.ts'
import { PRUNE_RULE, type PruneRule, planPrune } from './plan-prune.ts'
import { planPublished } from './plan-published.ts'
import { type PruneReport, pruneRegistry } from './prune-registry.ts'
import { CHAMPION, checkAlias, checkLine, isVersion } from './references.ts'
import { type RegistryPaths, registryPaths, versionPath } from './registry-paths.ts'
import type { RegistryState, VersionRecord } from './registry-state.ts'
import { type ServedPeriod, servedAt, servedPeriods } from './served-periods.ts'
import { type RegistryVerification, verifyRegistry } from './verify-registry.ts'

export interface RegistryVersion extends VersionRecord {
  /** The model folder. */
  readonly path: string
  /** Aliases that name it now. */
  readonly aliases: readonly string[]
}

/** What an alias names now, for those who follow it. */
export interface CurrentVersion {
  readonly alias: string
  readonly version: string
  /** The model folder. */
  readonly path: string
  /** That the opened folder must have: the same hash gives the same answers. */
  readonly hash: string
  readonly since: string
  /** Another one after every move of the alias, and only then. */
  readonly token: string
}

export interface AliasMove {
  /** What the alias names from then on. */
  readonly current: CurrentVersion
  /** What it named before; null where it was not set. */
  readonly from: string | null
  /** False where it named that version already, and nothing was recorded. */
  readonly moved: boolean
}

export interface SignedMove extends Signature, MoveOptions {}

export interface Registry {
  /** Every version that can be opened, oldest first. */
  list(): Promise<readonly RegistryVersion[]>
  /** A version, or what an alias names. Throws VERSION_NOT_FOUND, VERSION_PRUNED, ALIAS_NOT_SET. */
  show(reference: string): Promise<RegistryVersion>
  /** Everything that happened, oldest first. */
  events(): Promise<readonly RegistryEvent[]>
  /** Which versions an alias named, from when until when. */
  history(alias: string): Promise<readonly ServedPeriod[]>
  servedAt(alias: string, time: Date): Promise<ServedPeriod | null>
  /** Cheap to ask again and again: two small reads where nothing has happened. Throws ALIAS_NOT_SET. */
  current(alias: string): Promise<CurrentVersion>
  /**
   * A copy of a model folder as a new version. Throws what `openModelFolder` throws, MODEL_HASH_MISMATCH, DISK_FULL,
   * REGISTRY_UNUSABLE.
   */
  add(
    folder: string,
    options: Signature & { readonly name?: string; readonly origin?: HubOrigin },
  ): Promise<AddedVersion>
  /** Throws ALIAS_MOVED where `expect` doesn't hold, VERSION_NOT_FOUND, VERSION_PRUNED, REGISTRY_INPUT_INVALID. */
  promote(version: string, alias: string, options: SignedMove): Promise<AliasMove>
  /** Throws ALIAS_NOT_SET, ALIAS_MOVED, ROLLBACK_REFUSED, VERSION_PRUNED. */
  rollback(alias: string, options: SignedMove): Promise<AliasMove>
  /** Notes that a version is on the Hub; once for each commit and tag. Throws VERSION_NOT_FOUND. */
  notePublished(publication: Omit<VersionPublished, 'kind'>, by: Signature): Promise<void>
  /** Which versions `prune` would remove now. */
  planPrune(rule?: Partial<PruneRule>): Promise<readonly string[]>
  prune(options: Signature & Partial<PruneRule>): Promise<PruneReport>
  /** Reads every byte. Throws the reason of `signal` where that is aborted meanwhile. */
  verify(signal?: AbortSignal): Promise<RegistryVerification>
}

export interface RegistryOptions {
  readonly clock?: () => Date
}

/** Of the data folder HOME; nothing is written before something is added. Keep it open: it remembers what it has read. */
export function openRegistry(home: string, options: RegistryOptions = {}): Registry {
  const paths = registryPaths(home)
  const clock = options.clock ?? (() => new Date())
  const log = openEventLog(paths, clock)
  async function move(alias: string, by: SignedMove, decide: (state: RegistryState) => RegistryChange | null) {
    checkAlias(alias)
    await checkFree(paths, alias)
    const { event, state } = await log.append(decide, sign(by))
    const current = toCurrent(paths, state, alias)
    if (event === null || !('from' in event)) return { current, from: current.version, moved: false }
    return { current, from: event.from, moved: true }
  }
  const registry: Registry = {
    async list() {
      const state = await log.read()
      const living = [...state.versions.values()].filter(({ pruned }) => pruned === null)
      return living.map((record) => toVersion(paths, state, record))
    },
    async show(reference) {
      const state = await log.read()
      const version = isVersion(reference) ? reference : findAlias(state, reference).version
      return toVersion(paths, state, findVersion(state, version))
    },
    events: async () => (await log.read()).events,
    history: async (alias) => servedPeriods((await log.read()).events, alias),
    servedAt: async (alias, time) => servedAt((await log.read()).events, alias, time),
    current: async (alias) => toCurrent(paths, await log.read(), alias),
    async add(folder, { name, origin, ...by }) {
      return await addVersion(paths, log, {
        folder,
        ...(name === undefined ? {} : { name: checkLine('name', name) }),
        ...(origin === undefined ? {} : { origin }),
        signature: sign(by),
      })
    },
    promote: async (version, alias, by) => await move(alias, by, (state) => planPromotion(state, alias, version, by)),
    rollback: async (alias, by) => await move(alias, by, (state) => planRollback(state, alias, by)),
    async notePublished(publication, by) {
      await log.append((state) => planPublished(state, { ...publication, kind: 'published' }), sign(by))
    },
    planPrune: async (rule) =>
      planPrune(await log.read(), { ...PRUNE_RULE, ...rule }, clock(), await listNeeded(registry)),
    prune: async ({ keep = PRUNE_RULE.keep, days = PRUNE_RULE.days, ...by }) =>
      await pruneRegistry(paths, log, {
        rule: { keep, days },
        now: clock(),
        needed: await listNeeded(registry),
        signature: sign(by),
      }),
    verify: async (signal) => await verifyRegistry(paths, await log.read(), signal),
  }
  return registry
}

/** The best champion there was: without it, nobody could tell that many small losses have added up. */
async function listNeeded(registry: Registry): Promise<readonly string[]> {
  const best = await findBest(registry, CHAMPION)
  return best === null ? [] : [best.version]
}

function sign({ who, why }: Signature): Signature {
  return { who: checkLine('who', who), why: checkLine('why', why) }
}

/** A folder of that name could be named so far: it would be hidden by the alias. */
async function checkFree({ named }: RegistryPaths, alias: string): Promise<void> {
  const path = join(named, alias)
  const isTaken = await stat(path).then(
    () => true,
    () => false,
  )
  if (!isTaken) return
  throw new ModelsError(
    'REGISTRY_INPUT_INVALID',
    `"${alias}" can't be an alias: it is the name of the model folder "${path}"`,
  )
}

function toVersion(paths: RegistryPaths, { aliases }: RegistryState, record: VersionRecord): RegistryVersion {
  const named = [...aliases.values()].filter(({ version }) => version === record.version).map(({ alias }) => alias)
  return { ...record, path: versionPath(paths, record.version), aliases: named.sort() }
}

function toCurrent(paths: RegistryPaths, state: RegistryState, alias: string): CurrentVersion {
  const { version, since, sequence } = findAlias(state, alias)
  const { hash } = findVersion(state, version)
  return { alias, version, path: versionPath(paths, version), hash, since, token: `${alias}@${sequence}` }
}

/** The folder of a version, whose manifest is the one that was added. Throws REGISTRY_INVALID. */
export async function openVersionFolder({ version, path, files }: RegistryVersion): Promise<string> {
  const found = await onRegistry(path, () => hashFile(join(path, MANIFEST_FILE)).catch(nullWhereNothing))
  if (found?.sha256 === files[MANIFEST_FILE]?.sha256) return path
  const state = found === null ? 'is not there any more' : 'was changed'
  throw new ModelsError(
    'REGISTRY_INVALID',
    `${version} is damaged: ${MANIFEST_FILE} in "${path}" ${state}; restore it, or promote another version`,
  )
}

function nullWhereNothing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
  throw error
}
