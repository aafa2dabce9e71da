// A stand-in for the Hugging Face Hub on loopback ports, for tests: real HTTP, faults on demand.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { isCommit, type RepositoryType } from '../repository.ts'
import { refuseAccess, sendRefusal } from './stand-in-access.ts'
import { answerInfo, answerRefs, answerTree, sendError, sendJson } from './stand-in-api.ts'
import { answerContent, answerResolve } from './stand-in-contents.ts'
import { type Fault, type FaultKind, PAGE } from './stand-in-faults.ts'
import { type Mishap, planMishaps } from './stand-in-mishaps.ts'
import {
  commitFiles,
  type NewFiles,
  type StandInFile,
  type StandInFiles,
  type StandInRepository,
  toStandInFiles,
} from './stand-in-repositories.ts'
import { type Route, readRoute } from './stand-in-routes.ts'
import {
  answerStorage,
  createStorage,
  isStorage,
  type Received,
  receiveBody,
  receiveHalf,
  type StandInStorage,
} from './stand-in-storage.ts'
import { answerUpload, isUpload, type UploadOptions } from './stand-in-uploads.ts'

export { readFolder } from './stand-in-repositories.ts'

export interface LoggedRequest {
  readonly host: 'hub' | 'cdn'
  readonly method: string
  readonly url: string
  readonly range: string | null
  /** Whether it carried credentials; never which. */
  readonly isAuthorized: boolean
}

export interface NewRepository {
  readonly type?: RepositoryType
  readonly name: string
  readonly files: NewFiles
  /** Further branches and tags, such as `refs/convert/parquet`. */
  readonly refs?: Readonly<Record<string, NewFiles>>
  readonly isPrivate?: boolean
  readonly isGated?: boolean
}

export interface HubStandIn {
  /** For HF_ENDPOINT. */
  readonly url: string
  /** The other host, from which large files come, and which refuses credentials. */
  readonly cdnUrl: string
  /** In the order of their arrival. */
  readonly requests: LoggedRequest[]
  /** Returns the commit of `main`. */
  readonly add: (repository: NewRepository) => string
  /** A new commit on a branch, with these files and no others. Returns it. */
  readonly commit: (name: string, files: NewFiles, ref?: string) => string
  /** Requests for `from` are redirected to `to`. */
  readonly rename: (from: string, to: string) => void
  readonly addFault: (fault: Fault) => void
  /** From now on so large a share of all requests fails or is cut, the same each time for a seed; 0 ends it. */
  readonly failAtRandom: (share: number, seed: number) => void
  /** The commit and the files of a branch or a tag, or null where there is none. */
  readonly inspect: (name: string, ref?: string) => { readonly commit: string; readonly files: StandInFiles } | null
  readonly close: () => Promise<void>
}

export interface StandInOptions extends UploadOptions {
  /** Entries of a listing a page; 1,000 unless given. */
  readonly pageSize?: number
}

interface State {
  readonly options: StandInOptions
  readonly repositories: Map<string, StandInRepository>
  readonly renamed: Map<string, string>
  readonly faults: { fault: Fault; left: number }[]
  readonly requests: LoggedRequest[]
  readonly storage: StandInStorage
  nextMishap: () => Mishap | null
  url: string
  cdnUrl: string
}

export async function startHubStandIn(options: StandInOptions = {}): Promise<HubStandIn> {
  const state: State = {
    options,
    repositories: new Map(),
    renamed: new Map(),
    faults: [],
    requests: [],
    storage: createStorage(),
    nextMishap: () => null,
    url: '',
    cdnUrl: '',
  }
  const hub = createServer((request, response) => void handle(state, 'hub', request, response))
  const cdn = createServer((request, response) => void handle(state, 'cdn', request, response))
  state.url = `http://127.0.0.1:${await listen(hub, '127.0.0.1')}`
  state.cdnUrl = `http://localhost:${await listen(cdn, 'localhost')}`
  return {
    url: state.url,
    cdnUrl: state.cdnUrl,
    requests: state.requests,
    add: (repository) => addRepository(state, repository),
    commit: (name, files, ref = 'main') => commitFiles(findByName(state, name), ref, toStandInFiles(files)),
    rename: (from, to) => void state.renamed.set(from, to),
    addFault: (fault) => void state.faults.push({ fault, left: fault.times ?? 1 }),
    failAtRandom: (share, seed) => {
      state.nextMishap = planMishaps(share, seed)
    },
    inspect: (name, ref = 'main') => inspect(state, name, ref),
    close: async () => {
      await Promise.all([stop(hub), stop(cdn)])
    },
  }
}

async function listen(server: Server, host: string): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  return (server.address() as AddressInfo).port
}

async function stop(server: Server): Promise<void> {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
}

function addRepository(state: State, added: NewRepository): string {
  const type = added.type ?? 'model'
  const repository: StandInRepository = {
    type,
    name: added.name,
    isPrivate: added.isPrivate ?? false,
    isGated: added.isGated ?? false,
    refs: new Map(),
    tags: new Map(),
    commits: new Map(),
    log: [],
  }
  state.repositories.set(`${type}s/${added.name}`, repository)
  const commit = commitFiles(repository, 'main', toStandInFiles(added.files))
  for (const [ref, files] of Object.entries(added.refs ?? {})) commitFiles(repository, ref, toStandInFiles(files))
  return commit
}

function findByName(state: State, name: string): StandInRepository {
  const found = [...state.repositories.values()].find((repository) => repository.name === name)
  if (found === undefined) throw new Error(`the stand-in has no repository ${name}`)
  return found
}

function inspect({ repositories }: State, name: string, ref: string): ReturnType<HubStandIn['inspect']> {
  const repository = repositories.get(`models/${name}`)
  const commit = repository?.refs.get(ref) ?? repository?.tags.get(ref)
  const files = commit === undefined ? undefined : repository?.commits.get(commit)
  return commit === undefined || files === undefined ? null : { commit, files }
}

async function handle(
  state: State,
  host: 'hub' | 'cdn',
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = 'GET', url = '/', headers } = request
  const isAuthorized = headers.authorization !== undefined
  state.requests.push({ host, method, url, range: headers.range ?? null, isAuthorized })
  const mishap = state.nextMishap()
  const fault = takeFault(state, `${host}${url}`) ?? (mishap?.kind === 'answer' ? mishap.fault : null)
  const isUploading = host === 'hub' ? isUpload(method, url.split('?')[0] ?? '') : isStorage(url)
  if (mishap?.kind === 'cut-request' || (mishap !== null && fault === null && !isUploading)) {
    await receiveHalf(request).catch(() => {})
    response.destroy()
  } else if (fault?.kind === 'status') {
    response.writeHead(fault.status, fault.headers).end(fault.body ?? '')
  } else if (fault?.kind === 'html') {
    response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE)
  } else if (isUploading) {
    await answerUploading(state, host, request, response, mishap)
  } else if (host === 'cdn') {
    await answerCdn(state, request, response, fault)
  } else {
    await answerHub(state, request, response, fault)
  }
}

function takeFault({ faults }: State, path: string): FaultKind | null {
  const found = faults.find(({ fault, left }) => left > 0 && fault.match.test(path))
  if (found === undefined) return null
  found.left--
  return found.fault.fault
}

/** What arrived whole is done, even where the answer is lost. */
async function answerUploading(
  state: State,
  host: 'hub' | 'cdn',
  request: IncomingMessage,
  response: ServerResponse,
  mishap: Mishap | null,
): Promise<void> {
  const body = await receiveBody(request).catch(() => null)
  if (body === null) return void response.destroy()
  const send = host === 'hub' ? sendUploadAnswer : sendStorageAnswer
  if (mishap?.kind !== 'cut-answer') return send(state, request, body, response)
  send(state, request, body, null)
  response.destroy()
}

/** Does what was asked for, and answers unless there is nobody to answer. */
function sendUploadAnswer(
  state: State,
  { method = 'GET', url = '/', headers }: IncomingMessage,
  { bytes }: Received,
  response: ServerResponse | null,
): void {
  const [path = ''] = url.split('?')
  const { status, value, code = null } = answerUpload(state, { method, path, headers, body: bytes })
  if (response === null) return
  if (status < 400) sendJson(response, status, value)
  else sendError(response, status, code, String(value))
}

/** Object stores take no credentials beside the signature. */
function sendStorageAnswer(
  { storage }: State,
  request: IncomingMessage,
  body: Received,
  response: ServerResponse | null,
): void {
  const isSigned = request.headers.authorization === undefined
  const { status, etag } = isSigned ? answerStorage(storage, request, body) : { status: 400, etag: undefined }
  response?.writeHead(status, etag === undefined ? {} : { etag }).end()
}

/** As object stores do: an address that is signed takes no other credentials. */
async function answerCdn(
  state: State,
  request: IncomingMessage,
  response: ServerResponse,
  fault: FaultKind | null,
): Promise<void> {
  if (request.headers.authorization !== undefined) {
    response.writeHead(400, { 'content-type': 'application/xml' }).end('<Error><Code>InvalidArgument</Code></Error>')
    return
  }
  const [, sha256] = /^\/contents\/([0-9a-f]{64})/.exec(request.url ?? '') ?? []
  const file = allFiles(state).find((candidate) => candidate.sha256 === sha256)
  if (file === undefined) return void response.writeHead(404).end()
  response.setHeader('etag', `"${file.gitHash.slice(0, 32)}-1"`)
  await answerContent(request, response, file, fault)
}

function allFiles({ repositories }: State): StandInFile[] {
  return [...repositories.values()].flatMap(({ commits }) =>
    [...commits.values()].flatMap((files) => [...files.values()]),
  )
}

async function answerHub(
  state: State,
  request: IncomingMessage,
  response: ServerResponse,
  fault: FaultKind | null,
): Promise<void> {
  const url = request.url ?? '/'
  const route = readRoute(url)
  if (route === null) return sendError(response, 404, null, 'Sorry, there is nothing here.')
  const target = state.renamed.get(route.name)
  if (target !== undefined) {
    response.writeHead(307, { location: url.replace(`/${route.name}`, `/${target}`) }).end()
    return
  }
  const repository = state.repositories.get(`${route.type}s/${route.name}`)
  const refusal = refuseAccess(state.options, request.headers.authorization, repository, route)
  if (refusal !== null || repository === undefined) return sendRefusal(response, refusal)
  const ref = route.revision === 'HEAD' ? 'main' : route.revision
  const commit = isCommit(ref) ? ref : (repository.refs.get(ref) ?? repository.tags.get(ref))
  const files = repository.commits.get(commit ?? '')
  if (commit === undefined || files === undefined) {
    return sendError(response, 404, 'RevisionNotFound', `Invalid rev id: ${route.revision}`)
  }
  await answerRoute(state, request, response, { route, repository, commit, files, fault })
}

interface Found {
  readonly route: Route
  readonly repository: StandInRepository
  readonly commit: string
  readonly files: StandInFiles
  readonly fault: FaultKind | null
}

async function answerRoute(
  state: State,
  request: IncomingMessage,
  response: ServerResponse,
  { route, repository, commit, files, fault }: Found,
): Promise<void> {
  switch (route.what) {
    case 'revision':
      return answerInfo(response, repository, commit, files)
    case 'tree':
      return answerTree(request, response, files, {
        folder: route.path,
        pageSize: state.options.pageSize ?? 1000,
        url: state.url,
      })
    case 'refs':
      return answerRefs(response, repository)
    case 'resolve': {
      const file = files.get(route.path)
      if (file === undefined) return sendError(response, 404, 'EntryNotFound', 'Entry not found')
      return await answerResolve(request, response, file, { commit, cdnUrl: state.cdnUrl, fault })
    }
  }
}
