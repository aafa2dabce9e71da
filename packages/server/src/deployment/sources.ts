// What a server follows: an alias of the registry or a branch on the Hub, and which version it names now.
import {
  followHub,
  type HubClient,
  isAliasName,
  type ModelFolder,
  ModelsError,
  type Registry,
  resolveModel,
} from '@renown/models/serving'

/** One version, which never changes. */
export interface Target {
  /** `v12`, or `hf:owner/name@COMMIT`. */
  readonly reference: string
  /** With every hash compared. Throws what `resolveModel` throws. */
  open(): Promise<ModelFolder>
}

export interface Source {
  /** `champion`, or `hf:owner/name@main`. */
  readonly name: string
  /** Between two looks where the settings say nothing. */
  readonly usualSeconds: number
  /** Cheap where nothing is new. Throws what the registry and the Hub throw. */
  look(): Promise<Target>
}

export interface SourceOptions {
  readonly home: string
  readonly registry: Registry
  readonly hub: HubClient
}

/** Aliases that are followed before anything is promoted to them. */
const USUAL: readonly string[] = ['champion', 'challenger']

/** Null where the reference names one model for good: `default`, a version, a folder, a commit. */
export async function findSource(reference: string, options: SourceOptions): Promise<Source | null> {
  const branch = followHub(reference, options.hub)
  if (branch !== null) {
    return { name: branch.name, usualSeconds: 60, look: async () => toTarget(await branch.ask(), options) }
  }
  if (!isAliasName(reference)) return null
  const isAlias =
    USUAL.includes(reference) || (await options.registry.list()).some(({ aliases }) => aliases.includes(reference))
  return isAlias ? followAlias(reference, options) : null
}

function followAlias(alias: string, options: SourceOptions): Source {
  return {
    name: alias,
    usualSeconds: 5,
    async look() {
      const { version, hash } = await options.registry.current(alias)
      const target = toTarget(version, options)
      return {
        ...target,
        async open() {
          const folder = await target.open()
          if (folder.hash === hash) return folder
          throw new ModelsError('REGISTRY_INVALID', `${version} is damaged: expected hash ${hash}, got ${folder.hash}`)
        },
      }
    },
  }
}

export function toTarget(reference: string, { home, hub }: SourceOptions): Target {
  return { reference, open: () => resolveModel(reference, { home, hub }) }
}
