// What the log says of a version that was published: nothing where it says so already.
import { ModelsError } from '../errors.ts'
import type { VersionPublished } from './events.ts'
import type { RegistryState } from './registry-state.ts'

/** Throws VERSION_NOT_FOUND. */
export function planPublished(state: RegistryState, publication: VersionPublished): VersionPublished | null {
  const { version, repository, commit, tag } = publication
  if (!state.versions.has(version)) throw new ModelsError('VERSION_NOT_FOUND', `there was never a version ${version}`)
  const isKnown = state.events.some(
    (event) =>
      event.kind === 'published' &&
      event.version === version &&
      event.repository === repository &&
      event.commit === commit &&
      event.tag === tag,
  )
  return isKnown ? null : publication
}
