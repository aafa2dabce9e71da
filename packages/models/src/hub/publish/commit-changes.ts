// One commit with everything, on the parent that it was planned for. A connection that is cut leaves no doubt behind.

import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { ModelsError } from '../../errors.ts'
import type { HubAnswer, HubRequest } from '../exchange.ts'
import type { HubClient } from '../hub-client.ts'
import { askFiles } from '../list-files.ts'
import { readJsonAnswer } from '../read-json.ts'
import { isCommit, type Repository, repositoryLabel } from '../repository.ts'
import { requestOnce, retryHub } from '../request-hub.ts'
import { RetryableError } from '../retry.ts'
import { isBridged } from '../snapshot.ts'
import { isUnchanged, planChanges } from './plan-changes.ts'
import type { LocalFile } from './publishable-files.ts'
import { askCommits, BRANCH, type CallOptions, refuseAnswer, textBody, toRequest } from './remote-repository.ts'

export interface CommitRequest {
  readonly repository: Repository
  /** What the branch must be at. */
  readonly parent: string
  /** All files of the model, those that stay as they are among them. */
  readonly files: readonly LocalFile[]
  readonly regular: readonly LocalFile[]
  readonly large: readonly LocalFile[]
  readonly removed: readonly string[]
  readonly message: string
}

/**
 * Returns the new commit. Throws HUB_CONFLICT where somebody else was first (nothing is published then),
 * MODEL_HASH_MISMATCH, and what `requestHub` throws.
 */
export async function commitChanges(client: HubClient, wanted: CommitRequest, options: CallOptions): Promise<string> {
  const body = textBody(await renderCommit(wanted), 'application/x-ndjson')
  const { repository } = wanted
  const url = `/api/models/${repository.name}/commit/${BRANCH}`
  const request = { ...toRequest(client, repository, url, 'and its new commit'), ...body }
  const attempt = async (failures: number): Promise<string> => {
    // After a cut connection, or beside another publisher, the commit may have arrived all the same.
    const known = failures === 0 ? null : await findArrived(client, wanted, options)
    return known ?? (await send(client, request, options)) ?? (await explainRefusal(client, wanted, options))
  }
  try {
    return await retryHub(client, attempt, options)
  } catch (error) {
    if (!isBridged(error)) throw error
    return await settle(client, wanted, error, options)
  }
}

/** Null where the parent isn't the branch's latest commit any more. */
async function send(client: HubClient, request: HubRequest, options: CallOptions): Promise<string | null> {
  const read = async (answer: HubAnswer): Promise<string | null> => {
    if (answer.response.status >= 400) return null
    const { commitOid } = Object(await readJsonAnswer(answer, request.what)) as { commitOid?: unknown }
    return typeof commitOid === 'string' && isCommit(commitOid) ? commitOid : refuseAnswer(request.what, 'a commit')
  }
  return await requestOnce(client, request, read, { ...options, accept: [409, 412] })
}

async function explainRefusal(client: HubClient, wanted: CommitRequest, options: CallOptions): Promise<string> {
  const { repository, parent } = wanted
  const arrived = await findArrived(client, wanted, options)
  if (arrived !== null) return arrived
  const [head = parent] = await askCommits(client, repository, options)
  // The Hub also answers 409 while it is busy with the repository.
  if (head === parent) throw new RetryableError('HUB_CONFLICT', `${repositoryLabel(repository)} is being written to`)
  throw conflict(repository, parent, head)
}

/** The last try may have arrived, and only its answer been lost. */
async function settle(
  client: HubClient,
  wanted: CommitRequest,
  error: ModelsError,
  options: CallOptions,
): Promise<string> {
  const arrived = await findArrived(client, wanted, options).catch((cause: unknown) => {
    options.signal?.throwIfAborted()
    const way = "it isn't known whether the commit has arrived: publish again, which sends nothing twice"
    throw new ModelsError(error.code, `${error.message}; ${way}`, { cause })
  })
  if (arrived !== null) return arrived
  throw new ModelsError(error.code, `${error.message}; nothing was published`, { cause: error })
}

function conflict(repository: Repository, parent: string, head: string): ModelsError {
  return new ModelsError(
    'HUB_CONFLICT',
    `somebody else has published to ${repositoryLabel(repository)}: ${BRANCH} was at ${parent} and is at ${head} now; nothing was published`,
  )
}

/** The commit that follows the parent, if it holds what we meant to publish. */
async function findArrived(client: HubClient, wanted: CommitRequest, options: CallOptions): Promise<string | null> {
  const { repository, parent, files } = wanted
  const commits = await askCommits(client, repository, options)
  const child = commits[commits.indexOf(parent) - 1]
  if (child === undefined) return null
  const changes = await planChanges(files, await askFiles(client, repository, child, options))
  return isUnchanged(changes) ? child : null
}

async function renderCommit({ parent, regular, large, removed, message }: CommitRequest): Promise<string> {
  const [summary = '', ...rest] = message.split('\n')
  const header = { summary, description: rest.join('\n').trim(), parentCommit: parent }
  const contents = await Promise.all(
    regular.map(async (file) => ({ path: file.path, content: await readWhole(file), encoding: 'base64' })),
  )
  const lines = [
    { key: 'header', value: header },
    ...contents.map((value) => ({ key: 'file', value })),
    ...large.map(({ path, size, sha256 }) => ({ key: 'lfsFile', value: { path, algo: 'sha256', size, oid: sha256 } })),
    ...removed.map((path) => ({ key: 'deletedFile', value: { path } })),
  ]
  return lines.map((line) => JSON.stringify(line)).join('\n')
}

async function readWhole({ path, place, sha256 }: LocalFile): Promise<string> {
  const bytes = await readFile(place)
  if (createHash('sha256').update(bytes).digest('hex') === sha256) return bytes.toString('base64')
  throw new ModelsError('MODEL_HASH_MISMATCH', `${path} has changed while it was published; nothing was published`)
}
