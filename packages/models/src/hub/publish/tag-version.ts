// Tags: a version keeps its name, and a name its version.
import { ModelsError } from '../../errors.ts'
import type { HubClient } from '../hub-client.ts'
import { askFiles } from '../list-files.ts'
import { type Repository, repositoryLabel } from '../repository.ts'
import { requestHub } from '../request-hub.ts'
import { isUnchanged, planChanges } from './plan-changes.ts'
import type { LocalFile } from './publishable-files.ts'
import { askTags, type CallOptions, jsonBody, toRequest } from './remote-repository.ts'

/** The commit that the tag names already, with this content; null where there is no such tag. Throws HUB_TAG_EXISTS. */
export async function checkTag(
  client: HubClient,
  repository: Repository,
  tag: string,
  files: readonly LocalFile[],
  options: CallOptions,
): Promise<string | null> {
  const found = (await askTags(client, repository, options)).find(({ name }) => name === tag)
  if (found === undefined) return null
  const changes = await planChanges(files, await askFiles(client, repository, found.commit, options))
  if (isUnchanged(changes)) return found.commit
  throw new ModelsError(
    'HUB_TAG_EXISTS',
    `${repositoryLabel(repository)} has a tag ${tag} already, of commit ${found.commit}, which holds other files: name another with --tag`,
  )
}

/** Throws HUB_TAG_EXISTS where somebody else has given the name meanwhile. */
export async function setTag(
  client: HubClient,
  repository: Repository,
  { tag, commit, files }: { readonly tag: string; readonly commit: string; readonly files: readonly LocalFile[] },
  options: CallOptions,
): Promise<void> {
  const url = `/api/models/${repository.name}/tag/${commit}`
  const request = { ...toRequest(client, repository, url, `and its tag ${tag}`), ...jsonBody({ tag }) }
  const status = await requestHub(
    client,
    () => request,
    async ({ response }) => {
      await response.body?.cancel()
      return response.status
    },
    { ...options, accept: [409] },
  )
  if (status === 409) await checkTag(client, repository, tag, files, options)
}
