// From a model reference, as people write it, to an opened model folder.
import { readdir, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ModelsError } from './errors.ts'
import { fetchHubModel, type HubModelOptions, isHubReference } from './hub/fetch-hub-model.ts'
import { type ModelFolder, type OpenModelOptions, openModelFolder } from './open-model-folder.ts'

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
}

/** The embedded model's folder, beside `packages/`. */
export function defaultModelFolder(): string {
  return fileURLToPath(new URL('../../../models/default', import.meta.url))
}

/**
 * `default`, the name of a folder in `HOME/models`, a folder's path, or `hf:owner/name[@revision]`, which is fetched from
 * the Hub into its cache. Throws MODEL_REFERENCE_UNSUPPORTED for other addresses, MODEL_NOT_FOUND (with the names that
 * are known) for anything else, and what `fetchHubModel` and `openModelFolder` throw.
 */
export async function resolveModel(reference: string, options: ResolveOptions): Promise<ModelFolder> {
  if (!isHubReference(reference)) return await openModelFolder(await locateModel(reference, options), options)
  const { path, name, revision } = await fetchHubModel(reference, options)
  return await openModelFolder(path, { ...options, origin: { name, revision } })
}

/** The folder that a reference names, not yet opened. */
export async function locateModel(reference: string, options: ResolveOptions): Promise<string> {
  if (isHubReference(reference)) return (await fetchHubModel(reference, options)).path
  refuseUnsupported(reference)
  const known = await listModels(options.home, options)
  const named = known.find((model) => model.reference === reference)
  if (named !== undefined) return named.path
  if (await isFolder(reference)) return resolve(reference)
  const names = known.map((model) => model.reference)
  const list = names.length > 0 ? names.join(', ') : 'none'
  throw new ModelsError(
    'MODEL_NOT_FOUND',
    `there is no model "${reference}": expected a folder or one of the known names (${list}); names are folders in ${join(options.home, 'models')}`,
  )
}

function refuseUnsupported(reference: string): void {
  if (/^(https?|file|s3|gs):/i.test(reference)) {
    throw new ModelsError(
      'MODEL_REFERENCE_UNSUPPORTED',
      `"${reference}" is an address, which this version does not fetch: expected "${DEFAULT_MODEL}", a name, a folder or hf:owner/name`,
    )
  }
  if (/^(champion|challenger|latest|v\d+)$/i.test(reference)) {
    throw new ModelsError(
      'MODEL_REFERENCE_UNSUPPORTED',
      `"${reference}" is a registry alias or version, and this version has no registry: expected "${DEFAULT_MODEL}", a name or a folder`,
    )
  }
}

/** The embedded model and the folders in `HOME/models`, by the names they can be called. */
export async function listModels(
  home: string,
  options: { readonly defaultFolder?: string } = {},
): Promise<KnownModel[]> {
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
