// What a repository holds at a commit, with the size and hash of each file.
import { ModelsError } from '../errors.ts'
import { checkRelativePath } from '../relative-path.ts'
import type { HubRequest } from './exchange.ts'
import type { HubClient } from './hub-client.ts'
import { readJsonAnswer } from './read-json.ts'
import { apiPath, isCommit, type Repository, repositoryLabel } from './repository.ts'
import { requestHub } from './request-hub.ts'

const MOST_FILES = 200_000
const MOST_PAGES = 2000
const GIT_HASH = /^[0-9a-f]{40}$/
const SHA256 = /^[0-9a-f]{64}$/

export interface RepositoryFile {
  readonly path: string
  readonly size: number
  /** SHA-1 of the git object: of the file itself, or of the pointer where it lies in large storage. */
  readonly gitHash: string
  /** SHA-256 of a file in large storage. */
  readonly sha256: string | null
}

/** What a blob is called in the cache, which is what its content must hash to. */
export function blobName(file: RepositoryFile): string {
  return file.sha256 ?? file.gitHash
}

/** The commit of a branch, a tag or a short hash. Throws what `requestHub` throws. */
export async function askCommit(
  client: HubClient,
  repository: Repository,
  revision: string,
  options: { readonly signal?: AbortSignal; readonly attempts?: number },
): Promise<string> {
  const request = apiRequest(client, repository, apiPath(repository, 'revision', revision), `at ${revision}`)
  const answer = await requestHub(
    client,
    () => request,
    (answer) => readJsonAnswer(answer, request.what),
    options,
  )
  const commit = typeof answer === 'object' && answer !== null && 'sha' in answer ? answer.sha : undefined
  if (typeof commit === 'string' && isCommit(commit)) return commit
  throw new ModelsError('HUB_RESPONSE_INVALID', `the answer for ${request.what} names no commit`)
}

/** Every file of a commit. Throws what `requestHub` throws, and HUB_RESPONSE_INVALID for paths that leave the folder. */
export async function askFiles(
  client: HubClient,
  repository: Repository,
  commit: string,
  options: { readonly signal?: AbortSignal; readonly attempts?: number },
): Promise<RepositoryFile[]> {
  const files: RepositoryFile[] = []
  let next: string | null = `${apiPath(repository, 'tree', commit)}?recursive=true&expand=false`
  for (let pages = 0; next !== null; pages++) {
    const request: HubRequest = apiRequest(client, repository, next, `at ${commit.slice(0, 12)}`)
    const page: { entries: unknown; next: string | null } = await requestHub(
      client,
      () => request,
      async (answer) => ({
        entries: await readJsonAnswer(answer, request.what),
        next: nextPage(answer.response, request.what),
      }),
      options,
    )
    files.push(...readEntries(page.entries, request.what))
    if (files.length > MOST_FILES || pages > MOST_PAGES) {
      throw new ModelsError('HUB_RESPONSE_INVALID', `${request.what} lists more than ${MOST_FILES} files`)
    }
    next = page.next
  }
  return files
}

function apiRequest({ settings }: HubClient, repository: Repository, url: string, at: string): HubRequest {
  return { url, what: `${repositoryLabel(repository)} ${at}`, page: pageOf(settings.endpoint, repository) }
}

/** Where people read about a repository. */
export function pageOf(endpoint: string, { type, name }: Repository): string {
  return type === 'model' ? `${endpoint}/${name}` : `${endpoint}/${type}s/${name}`
}

/** The token goes along only where this is the endpoint. */
function nextPage({ headers, url }: Response, what: string): string | null {
  const link = /<([^<>]+)>\s*;\s*rel="?next"?/i.exec(headers.get('link') ?? '')?.[1]
  if (link === undefined) return null
  const next = URL.canParse(link, url) ? new URL(link, url) : null
  if (next !== null && /^https?:$/.test(next.protocol)) return next.href
  throw new ModelsError('HUB_RESPONSE_INVALID', `${what} goes on at no address that can be used`)
}

function readEntries(entries: unknown, what: string): RepositoryFile[] {
  if (!Array.isArray(entries)) throw new ModelsError('HUB_RESPONSE_INVALID', `${what}: expected a list of files`)
  return entries.flatMap((entry) => readEntry(entry, what) ?? [])
}

/** Null for folders, and for names that are others on Windows. */
function readEntry(entry: unknown, what: string): RepositoryFile | null {
  const { type, path, size, oid, lfs } = Object(entry) as Record<string, unknown>
  if (type !== 'file') return null
  const file = readFileRecord(path, { size, gitHash: oid, sha256: (Object(lfs) as { oid?: unknown }).oid ?? null })
  if (file === null) {
    throw new ModelsError('HUB_RESPONSE_INVALID', `${what}: expected files with path, size and hash`)
  }
  const flaw = findFlaw(file.path)
  if (flaw === null) return isPortable(file.path) ? file : null
  throw new ModelsError(
    'HUB_RESPONSE_INVALID',
    `${what} lists ${JSON.stringify(file.path)}: expected paths ${flaw}; don't use this repository`,
  )
}

/** What is wrong with a path that no git tree could hold, or null. */
export function findFlaw(path: string): string | null {
  const flaw = checkRelativePath(path.replaceAll('\\', '/'))
  return isPortable(path) || flaw !== null ? flaw : null
}

/** Windows would take a backslash for a slash. */
export function isPortable(path: string): boolean {
  return !path.includes('\\')
}

/** Checks the fields of a file, since its hash becomes a file name. */
export function readFileRecord(
  path: unknown,
  { size, gitHash, sha256 }: { readonly size: unknown; readonly gitHash: unknown; readonly sha256: unknown },
): RepositoryFile | null {
  if (typeof path !== 'string' || typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) return null
  if (typeof gitHash !== 'string' || !GIT_HASH.test(gitHash)) return null
  if (sha256 !== null && (typeof sha256 !== 'string' || !SHA256.test(sha256))) return null
  return { path, size, gitHash, sha256 }
}
