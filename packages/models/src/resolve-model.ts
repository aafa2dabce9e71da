// From a model reference, as people write it, to an opened model folder.
import { readdir, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ModelsError } from './errors.ts'
import type { HubModel, HubModelOptions } from './hub/fetch-hub-model.ts'
import { isHubReference } from './hub/repository.ts'
import { type ModelFolder, type OpenModelOptions, openModelFolder } from './open-model-folder.ts'
import { isAliasName, isVersion, USUAL_ALIASES } from './registry/references.ts'
import { openRegistry, openVersionFolder, type RegistryVersion } from './registry/registry.ts'

export const DEFAULT_MODEL = 'default'

export interface ResolveOptions extends Omit<OpenModelOptions, 'origin'>, HubModelOptions {
  /** The data folder: `models/NAME` in it can be named by NAME. */
  readonly home: string
  /** Where the embedded model lies; found from this package unless given. */
  readonly defaultFolder?: string
}

export interface KnownModel {
  readonly reference: string
  readonly path: string
  /** Of a version of the registry: the aliases that name it. */
  readonly aliases?: readonly string[]
}

/** The embedded model's folder, beside `packages/`. */
export function defaultModelFolder(): string {
  return fileURLToPath(new URL('../../../models/default', import.meta.url))
}

/**
 * In this order: `hf:owner/name[@revision]`, which is fetched from the Hub into its cache; `default`; a version of the
 * registry, `v12`; an alias, `champion`, `challenger` or one that is set; the name of a folder in `HOME/models`; a folder's
 * path. Throws MODEL_REFERENCE_UNSUPPORTED for other addresses, VERSION_NOT_FOUND, VERSION_PRUNED, ALIAS_NOT_SET,
 * MODEL_NOT_FOUND (with the names that are known) for anything else, and what `fetchHubModel` and `openModelFolder` throw.
 */
export async function resolveModel(reference: string, options: ResolveOptions): Promise<ModelFolder> {
  if (!isHubReference(reference)) return await openModelFolder(await locateModel(reference, options), options)
  const { path, name, revision } = await fetchModel(reference, options)
  return await openModelFolder(path, { ...options, origin: { name, revision } })
}

/** The folder that a reference names, not yet opened. */
export async function locateModel(reference: string, options: ResolveOptions): Promise<string> {
  if (isHubReference(reference)) return (await fetchModel(reference, options)).path
  refuseUnsupported(reference)
  const registered = await findRegistered(reference, options.home)
  if (registered !== null) return await openVersionFolder(registered)
  const folders = await listFolders(options.home, options)
  const named = folders.find((model) => model.reference === reference)
  if (named !== undefined) return named.path
  if (await isFolder(reference)) return resolve(reference)
  const names = (await listModels(options.home, options)).flatMap((model) => [
    model.reference,
    ...(model.aliases ?? []),
  ])
  const list = names.length > 0 ? names.join(', ') : 'none'
  throw new ModelsError(
    'MODEL_NOT_FOUND',
    `there is no model "${reference}": expected a folder or one of the known names (${list}); names are versions and aliases of the registry, and folders in ${join(options.home, 'models')}`,
  )
}

/** The half of this room that speaks with the Hub is read when a model of the Hub is named. */
async function fetchModel(reference: string, options: HubModelOptions): Promise<HubModel> {
  const { fetchHubModel } = await import('./hub/fetch-hub-model.ts')
  return await fetchHubModel(reference, options)
}

/** The usual aliases and versions mean the registry, also where it knows none of them. */
async function findRegistered(reference: string, home: string): Promise<RegistryVersion | null> {
  if (!isVersion(reference) && !isAliasName(reference)) return null
  const registry = openRegistry(home)
  if (isVersion(reference) || USUAL_ALIASES.includes(reference)) return await registry.show(reference)
  return (await registry.list()).find(({ aliases }) => aliases.includes(reference)) ?? null
}

function refuseUnsupported(reference: string): void {
  if (/^(https?|file|s3|gs):/i.test(reference)) {
    throw new ModelsError(
      'MODEL_REFERENCE_UNSUPPORTED',
      `"${reference}" is an address, which this version does not fetch: expected "${DEFAULT_MODEL}", a name, a folder or hf:owner/name`,
    )
  }
  if (reference === 'latest') {
    throw new ModelsError(
      'MODEL_REFERENCE_UNSUPPORTED',
      '"latest" names no model, since the newest need not be the best: expected a version or an alias of the registry',
    )
  }
}

/** The embedded model, the folders in `HOME/models` and the versions of the registry, by the names they can be called. */
export async function listModels(
  home: string,
  options: { readonly defaultFolder?: string } = {},
): Promise<KnownModel[]> {
  const versions = await openRegistry(home).list()
  const hidden = new Set(versions.flatMap(({ version, aliases }) => [version, ...aliases]))
  const folders = (await listFolders(home, options)).filter(({ reference }) => !hidden.has(reference))
  return [...folders, ...versions.map(({ version: reference, path, aliases }) => ({ reference, path, aliases }))]
}

async function listFolders(home: string, options: { readonly defaultFolder?: string }): Promise<KnownModel[]> {
  const embedded = options.defaultFolder ?? defaultModelFolder()
  const first = (await isFolder(embedded)) ? [{ reference: DEFAULT_MODEL, path: embedded }] : []
  const folder = join(resolve(home), 'models')
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const named = entries
    .filter((entry) => (entry.isDirectory() || entry.isSymbolicLink()) && !entry.name.startsWith('.'))
    .map((entry) => ({ reference: entry.name, path: join(folder, entry.name) }))
    .filter((model) => model.reference !== DEFAULT_MODEL)
    .sort((a, b) => a.reference.localeCompare(b.reference, 'en'))
  return [...first, ...named]
}

async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (info) => info.isDirectory(),
    () => false,
  )
}
