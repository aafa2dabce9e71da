// What is asked of the Hub: a repository and a revision, and how both are written in addresses and in the cache.
import { ModelsError } from '../errors.ts'

export type RepositoryType = 'model' | 'dataset'

export interface Repository {
  readonly type: RepositoryType
  /** `owner/name`; the Hub still knows some old names without an owner. */
  readonly name: string
}

export const DEFAULT_REVISION = 'main'

export const HUB_PREFIX: RegExp = /^hf:(\/\/)?/i

/** Whether a model's reference names one of the Hub, as `hf:owner/name`. */
export function isHubReference(reference: string): boolean {
  return HUB_PREFIX.test(reference)
}

const COMMIT = /^[0-9a-f]{40}$/
const NAME_PART = /^\w(?:[\w.-]{0,94}\w)?$/
const LONGEST_REVISION = 255

export function isCommit(revision: string): boolean {
  return COMMIT.test(revision)
}

/** `owner/name[@revision]`. Throws HUB_NAME_INVALID. */
export function parseRepository(
  type: RepositoryType,
  text: string,
): { readonly repository: Repository; readonly revision: string | null } {
  const at = text.indexOf('@')
  const name = at < 0 ? text : text.slice(0, at)
  return {
    repository: { type, name: checkRepositoryName(name) },
    revision: at < 0 ? null : checkRevision(text.slice(at + 1)),
  }
}

/** The rules of the Hub (huggingface_hub, `validate_repo_id`). Throws HUB_NAME_INVALID. */
export function checkRepositoryName(name: string): string {
  const parts = name.split('/')
  const isFine = parts.length <= 2 && parts.every((part) => NAME_PART.test(part)) && !/--|\.\.|\.git$/.test(name)
  if (isFine) return name
  throw new ModelsError(
    'HUB_NAME_INVALID',
    `"${name}" can't be a repository on the Hub: expected owner/name of letters, digits, "-", "_" and "."`,
  )
}

/** A branch, a tag or a commit. It becomes a path in the cache. Throws HUB_NAME_INVALID. */
export function checkRevision(revision: string): string {
  const parts = revision.split('/')
  const isFine = revision.length <= LONGEST_REVISION && parts.every((part) => /^\w[\w.+-]*$/.test(part))
  if (isFine && !/\.\.|\.lock$/.test(revision)) return revision
  throw new ModelsError('HUB_NAME_INVALID', `"${revision}" can't be a revision: expected a branch, a tag or a commit`)
}

/** Such as `/api/models/owner/name/revision/main`. */
export function apiPath({ type, name }: Repository, what: 'revision' | 'tree', revision: string): string {
  return `/api/${type}s/${name}/${what}/${encodeURIComponent(revision)}`
}

/** Where a file's content is. */
export function resolvePath({ type, name }: Repository, revision: string, path: string): string {
  const kind = type === 'model' ? '' : `${type}s/`
  const file = path.split('/').map(encodeURIComponent).join('/')
  return `/${kind}${name}/resolve/${encodeURIComponent(revision)}/${file}`
}

/** The repository's folder in the cache, such as `models--owner--name`. */
export function cacheName({ type, name }: Repository): string {
  return [`${type}s`, ...name.split('/')].join('--')
}

/** For people. */
export function repositoryLabel({ type, name }: Repository): string {
  return type === 'model' ? `the model ${name}` : `the data set ${name}`
}
