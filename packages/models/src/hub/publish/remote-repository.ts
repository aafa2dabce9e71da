// What is asked of a repository before it is written to, and how one is made.
import { ModelsError } from '../../errors.ts'
import type { HubAnswer, HubRequest } from '../exchange.ts'
import type { HubClient } from '../hub-client.ts'
import { pageOf } from '../list-files.ts'
import { readJsonAnswer } from '../read-json.ts'
import { apiPath, isCommit, type Repository, repositoryLabel } from '../repository.ts'
import { requestHub } from '../request-hub.ts'
import { checkStatus } from '../status-errors.ts'

/** What is published is the branch that everybody gets who names no other. */
export const BRANCH = 'main'

export interface CallOptions {
  readonly signal?: AbortSignal
}

export interface RemoteState {
  readonly commit: string
  readonly isPrivate: boolean
}

export interface RemoteTag {
  readonly name: string
  readonly commit: string
}

/** The repository's state, or null where there is none that the token may see. */
export async function askState(
  client: HubClient,
  repository: Repository,
  options: CallOptions,
): Promise<RemoteState | null> {
  const request = toRequest(client, repository, apiPath(repository, 'revision', BRANCH), `at ${BRANCH}`)
  return await requestHub(
    client,
    () => request,
    (answer) => readState(client, request, answer),
    {
      ...options,
      accept: [401, 404],
    },
  )
}

async function readState(client: HubClient, request: HubRequest, answer: HubAnswer): Promise<RemoteState | null> {
  const { response } = answer
  if (response.headers.get('x-error-code') === 'RepoNotFound') return null
  const { endpoint, token } = client.settings
  checkStatus(response, { ...request, endpoint, token, now: client.now() })
  const { sha, private: isPrivate } = Object(await readJsonAnswer(answer, request.what)) as Record<string, unknown>
  if (typeof sha !== 'string' || !isCommit(sha)) refuseAnswer(request.what, 'a commit')
  return { commit: sha, isPrivate: isPrivate === true }
}

/** One that exists already is fine. Throws HUB_UNAUTHORIZED where the token may not make it. */
export async function createRepository(
  client: HubClient,
  repository: Repository,
  options: CallOptions & { readonly isPrivate: boolean },
): Promise<void> {
  const [owner, name] = repository.name.split('/')
  const visibility = options.isPrivate ? 'private' : 'public'
  const value = { type: repository.type, name, organization: owner, visibility }
  const request = { ...toRequest(client, repository, '/api/repos/create', ''), ...jsonBody(value) }
  await requestHub(
    client,
    () => request,
    async ({ response }) => void (await response.body?.cancel()),
    {
      ...options,
      accept: [409],
    },
  )
}

export async function askTags(client: HubClient, repository: Repository, options: CallOptions): Promise<RemoteTag[]> {
  const request = toRequest(client, repository, `/api/models/${repository.name}/refs`, 'and its tags')
  const answer = await requestHub(
    client,
    () => request,
    (given) => readJsonAnswer(given, request.what),
    options,
  )
  const { tags } = Object(answer) as { tags?: unknown }
  if (!Array.isArray(tags)) refuseAnswer(request.what, 'a list of tags')
  return tags.map((tag: unknown) => {
    const { name, targetCommit: commit } = Object(tag) as Record<string, unknown>
    if (typeof name !== 'string' || typeof commit !== 'string' || !isCommit(commit)) {
      refuseAnswer(request.what, 'tags with their commits')
    }
    return { name, commit }
  })
}

/** The latest commits of the branch, newest first. */
export async function askCommits(client: HubClient, repository: Repository, options: CallOptions): Promise<string[]> {
  const request = toRequest(client, repository, `/api/models/${repository.name}/commits/${BRANCH}`, 'and its commits')
  const answer = await requestHub(
    client,
    () => request,
    (given) => readJsonAnswer(given, request.what),
    options,
  )
  if (!Array.isArray(answer)) refuseAnswer(request.what, 'a list of commits')
  return answer.map((entry: unknown) => {
    const { id } = Object(entry) as { id?: unknown }
    return typeof id === 'string' && isCommit(id) ? id : refuseAnswer(request.what, 'commits with their hashes')
  })
}

/** A request about the repository; `detail` follows its name in messages. */
export function toRequest(client: HubClient, repository: Repository, url: string, detail: string): HubRequest {
  const what = `${repositoryLabel(repository)} ${detail}`.trim()
  return { url, what, page: pageOf(client.settings.endpoint, repository) }
}

export function jsonBody(value: unknown, type = 'application/json'): Pick<HubRequest, 'method' | 'headers' | 'body'> {
  const text = JSON.stringify(value)
  return textBody(text, type)
}

export function textBody(text: string, type: string): Required<Pick<HubRequest, 'method' | 'headers' | 'body'>> {
  return {
    method: 'POST',
    headers: { 'content-type': type },
    body: { bytes: Buffer.byteLength(text), open: () => text },
  }
}

export function refuseAnswer(what: string, expected: string): never {
  throw new ModelsError('HUB_RESPONSE_INVALID', `the answer for ${what}: expected ${expected}`)
}
