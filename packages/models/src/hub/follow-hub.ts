// A branch of a repository that somebody follows: one small request tells its commit.
import type { HubClient } from './hub-client.ts'
import { askCommit } from './list-files.ts'
import { DEFAULT_REVISION, HUB_PREFIX, isCommit, isHubReference, parseRepository } from './repository.ts'

export interface FollowedBranch {
  /** Such as `hf:owner/name@main`. */
  readonly name: string
  /** `hf:owner/name@COMMIT`, as the branch is now. Throws what `requestHub` throws. */
  ask(): Promise<string>
}

/** Null for what never moves: a commit, and whatever is no `hf:owner/name[@branch]`. Throws HUB_NAME_INVALID. */
export function followHub(reference: string, client: HubClient): FollowedBranch | null {
  if (!isHubReference(reference)) return null
  const { repository, revision: given } = parseRepository('model', reference.replace(HUB_PREFIX, ''))
  const revision = given ?? DEFAULT_REVISION
  if (isCommit(revision)) return null
  const name = `hf:${repository.name}`
  return {
    name: `${name}@${revision}`,
    ask: async () => `${name}@${await askCommit(client, repository, revision, { attempts: 1 })}`,
  }
}
