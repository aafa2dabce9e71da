// Names that a person gives: the repository and the tag.
import { ModelsError } from '../../errors.ts'
import { checkRepositoryName, checkRevision, isCommit, type Repository } from '../repository.ts'

/** `owner/name`, or `name` with the owner. Throws HUB_NAME_INVALID. */
export function toTarget(to: string, owner?: string): Repository {
  const name = to.replace(/^hf:/i, '')
  if (name.includes('/')) return { type: 'model', name: checkRepositoryName(name) }
  if (owner === undefined || owner === '') {
    throw new ModelsError('HUB_NAME_INVALID', `"${to}": expected owner/name, or the owner in HF_USERNAME`)
  }
  return { type: 'model', name: checkRepositoryName(`${owner}/${name}`) }
}

/** The tag of a version, `v1.2.0`, unless one is named. Throws HUB_NAME_INVALID. */
export function checkTagName(tag: string | null | undefined, version: string): string | null {
  if (tag === null) return null
  const name = checkRevision(tag ?? (version.startsWith('v') ? version : `v${version}`))
  if (name !== 'main' && !isCommit(name)) return name
  throw new ModelsError('HUB_NAME_INVALID', `"${name}" can't be a tag: expected a name such as v1.2.0`)
}
