// The stand-in's upload half: repositories, LFS batches, commits, tags and branches, as answers to requests.
import type { IncomingHttpHeaders } from 'node:http'
import { isCommit } from '../repository.ts'
import { type AccessOptions, readRole } from './stand-in-access.ts'
import {
  commitFiles,
  isLargePath,
  type StandInFile,
  type StandInRepository,
  toLargeFile,
  toRegularFile,
  toStandInFiles,
} from './stand-in-repositories.ts'
import { findObject, planUpload, type StandInStorage, type StorageOptions } from './stand-in-storage.ts'

export interface UploadOptions extends AccessOptions, StorageOptions {
  /** Whose repositories the token may write; `someone` alone unless given. */
  readonly owners?: readonly string[]
  /** What a commit on a stale parent is answered with; 412 unless given. */
  readonly staleStatus?: 409 | 412
}

/** What is answered; an error has its message as `value`. */
export interface Answer {
  readonly status: number
  readonly value: unknown
  readonly code?: string
}

export interface UploadRequest {
  readonly method: string
  /** Without its query. */
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

export interface UploadState {
  readonly options: UploadOptions
  readonly repositories: Map<string, StandInRepository>
  readonly storage: StandInStorage
  readonly cdnUrl: string
  readonly url: string
}

interface Call {
  readonly state: UploadState
  readonly headers: IncomingHttpHeaders
  readonly json: Readonly<Record<string, unknown>>
  readonly body: Buffer
  readonly repository: StandInRepository
  readonly name: string
  readonly revision: string
}

type Handler = (call: Call) => Answer

const NAME = '(?<name>[^/]+/[^/]+)'
const REVISION = '(?<revision>[^/]+)'
const HANDLERS: readonly (readonly [method: string, path: RegExp, handler: Handler])[] = [
  ['POST', new RegExp(`^/api/models/${NAME}/preupload/${REVISION}$`), preupload],
  ['POST', new RegExp(`^/api/models/${NAME}/commit/${REVISION}$`), commit],
  ['GET', new RegExp(`^/api/models/${NAME}/commits/${REVISION}$`), listCommits],
  ['POST', new RegExp(`^/api/models/${NAME}/tag/${REVISION}$`), tag],
  ['POST', new RegExp(`^/api/models/${NAME}/branch/${REVISION}$`), branch],
  ['POST', new RegExp(`^/${NAME}\\.git/info/lfs/objects/batch$`), batch],
  ['POST', new RegExp(`^/${NAME}\\.git/info/lfs/objects/verify$`), verify],
]
const CREATE = '/api/repos/create'
const WHO_AM_I = '/api/whoami-v2'

export function isUpload(method: string, path: string): boolean {
  return path === CREATE || path === WHO_AM_I || findHandler(method, path) !== null
}

function findHandler(method: string, path: string): { handler: Handler; groups: Record<string, string> } | null {
  for (const [wanted, pattern, handler] of HANDLERS) {
    const { groups } = (method === wanted && pattern.exec(path)) || {}
    if (groups !== undefined) return { handler, groups }
  }
  return null
}

export function answerUpload(state: UploadState, request: UploadRequest): Answer {
  const { method, path, headers, body } = request
  const role = readRole(state.options, headers.authorization)
  if (role === 'stranger') return refuse(401, 'Invalid credentials in Authorization header')
  if (path === WHO_AM_I) return whoAmI(state, role)
  if (role === 'read' && method !== 'GET') {
    return refuse(403, 'Forbidden: you must use a write token to upload to a repository.')
  }
  const json = parseJson(body, headers)
  if (json === null) return refuse(400, 'Invalid JSON')
  if (path === CREATE) return create(state, json)
  const { handler, groups } = findHandler(method, path) ?? {}
  const name = groups?.name ?? ''
  const repository = state.repositories.get(`models/${name}`)
  if (repository === undefined || handler === undefined) {
    return { ...refuse(404, 'Repository not found'), code: 'RepoNotFound' }
  }
  if (method !== 'GET' && !mayWrite(state, name)) return refuse(403, `Forbidden: you can't write to ${name}.`)
  const revision = decodeURIComponent(groups?.revision ?? '')
  return handler({ state, headers, json, body, repository, name, revision })
}

function refuse(status: number, value: string): Answer {
  return { status, value }
}

function mayWrite({ options }: UploadState, name: string): boolean {
  return (options.owners ?? ['someone']).includes(name.split('/')[0] ?? '')
}

function parseJson(body: Buffer, headers: IncomingHttpHeaders): Record<string, unknown> | null {
  if (body.byteLength === 0 || headers['content-type'] === 'application/x-ndjson') return {}
  try {
    const value: unknown = JSON.parse(body.toString('utf8'))
    return typeof value === 'object' ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}

function whoAmI({ options }: UploadState, role: 'read' | 'write'): Answer {
  const [name, ...orgs] = options.owners ?? ['someone']
  const value = {
    type: 'user',
    id: '0'.repeat(24),
    name,
    orgs: orgs.map((org) => ({ type: 'org', name: org })),
    auth: { type: 'access_token', accessToken: { displayName: 'stand-in', role } },
  }
  return { status: 200, value }
}

/** A new repository begins with the commit of its `.gitattributes`. */
function create(state: UploadState, json: Call['json']): Answer {
  const { name, organization, visibility, type = 'model' } = json
  const owner = typeof organization === 'string' ? organization : (state.options.owners ?? ['someone'])[0]
  const full = `${owner}/${name}`
  if (type !== 'model' || !/^[\w.-]+\/[\w.-]+$/.test(full) || full.includes('..')) {
    return refuse(400, 'Invalid repository name')
  }
  if (!mayWrite(state, full)) return refuse(403, `You don't have the rights to create a model under ${owner}`)
  const url = `${state.url}/${full}`
  if (state.repositories.has(`models/${full}`)) return refuse(409, 'You already created this model repo')
  const repository: StandInRepository = {
    type: 'model',
    name: full,
    isPrivate: visibility === 'private' || json.private === true,
    isGated: false,
    refs: new Map(),
    tags: new Map(),
    commits: new Map(),
    log: [],
  }
  state.repositories.set(`models/${full}`, repository)
  const attributes = '*.onnx filter=lfs diff=lfs merge=lfs -text\n*.safetensors filter=lfs diff=lfs merge=lfs -text\n'
  commitFiles(repository, 'main', toStandInFiles({ '.gitattributes': attributes }), 'initial commit')
  return { status: 200, value: { url, id: full } }
}

function preupload({ json, repository, revision }: Call): Answer {
  if (!repository.refs.has(revision)) return { ...refuse(404, 'No such branch'), code: 'RevisionNotFound' }
  const files = Array.isArray(json.files) ? (json.files as { path: string; size: number; sample: string }[]) : []
  const isFine = files.every(({ sample, size }) => {
    const bytes = Buffer.from(sample, 'base64').byteLength
    return bytes === Math.min(512, size)
  })
  if (files.length === 0 || files.length > 256 || !isFine) return refuse(400, 'Invalid list of files')
  const value = files.map(({ path, size }) => ({
    path,
    uploadMode: isLargePath(path, size) ? 'lfs' : 'regular',
    shouldIgnore: false,
  }))
  return { status: 200, value: { files: value } }
}

function batch(call: Call): Answer {
  const { json, headers, state, repository, name } = call
  if (!/^application\/vnd\.git-lfs\+json/.test(headers['content-type'] ?? '')) return refuse(415, 'Not git-lfs')
  const { operation, objects } = json
  if (operation !== 'upload' || !Array.isArray(objects)) return refuse(422, 'Only uploads are known')
  const value = (objects as { oid: string; size: number }[]).map(({ oid, size }) => {
    if (!/^[0-9a-f]{64}$/.test(oid)) return { oid, size, error: { code: 422, message: 'Invalid oid' } }
    if (findObject(state.storage, repository, oid) !== null) return { oid, size }
    const upload = planUpload(state.options, { name, oid, size, cdnUrl: state.cdnUrl })
    const href = `${state.url}/${name}.git/info/lfs/objects/verify`
    return { oid, size, authenticated: true, actions: { upload, verify: { href } } }
  })
  return { status: 200, value: { transfer: 'basic', objects: value } }
}

function verify({ json, state, repository }: Call): Answer {
  const found = findObject(state.storage, repository, String(json.oid))
  return found?.byteLength === json.size ? { status: 200, value: {} } : refuse(404, 'No such object of this size')
}

function commit(call: Call): Answer {
  const { headers, repository, revision, body, state } = call
  if (headers['content-type'] !== 'application/x-ndjson') return refuse(400, 'Expected application/x-ndjson')
  const parent = repository.refs.get(revision)
  if (parent === undefined) return { ...refuse(404, 'No such branch'), code: 'RevisionNotFound' }
  const [header, ...operations] = parseLines(body)
  if (header?.key !== 'header' || !header.value.summary) return refuse(400, 'Expected a header with a summary')
  const { parentCommit, summary } = header.value
  if (parentCommit !== undefined && parentCommit !== parent) {
    return refuse(state.options.staleStatus ?? 412, 'A commit has happened since. Please refresh and try again.')
  }
  const files = new Map(repository.commits.get(parent))
  for (const operation of operations) {
    const problem = apply(call, files, operation)
    if (problem !== null) return refuse(400, problem)
  }
  const commitOid = commitFiles(repository, revision, files, summary)
  const commitUrl = `${state.url}/${repository.name}/commit/${commitOid}`
  return { status: 200, value: { success: true, commitOid, commitUrl, hookOutput: '' } }
}

interface Operation {
  readonly key: string
  readonly value: OperationValue
}

/** None where a line is no JSON. */
function parseLines(body: Buffer): Operation[] {
  try {
    const lines = body.toString('utf8').split('\n')
    return lines.map((line) => JSON.parse(line) as Operation)
  } catch {
    return []
  }
}

interface OperationValue {
  readonly summary?: string
  readonly parentCommit?: string
  readonly path?: string
  readonly content?: string
  readonly encoding?: string
  readonly algo?: string
  readonly oid?: string
  readonly size?: number
}

/** Changes `files`; gives the reason where it can't be. */
function apply({ state, repository }: Call, files: Map<string, StandInFile>, { key, value }: Operation): string | null {
  const { path = '', content = '', oid = '', size } = value
  if (/(^|\/)(\.{0,2}|\.git)(\/|$)/.test(path)) return `Invalid path ${path}`
  switch (key) {
    case 'file': {
      const bytes = Buffer.from(content, value.encoding === 'base64' ? 'base64' : 'utf8')
      if (isLargePath(path, bytes.byteLength)) return `${path} must be stored in LFS`
      files.set(path, toRegularFile(bytes))
      return null
    }
    case 'lfsFile': {
      const stored = findObject(state.storage, repository, oid)
      if (stored === null || stored.byteLength !== size || value.algo !== 'sha256') return `No LFS object for ${path}`
      files.set(path, toLargeFile(stored, oid))
      return null
    }
    case 'deletedFile':
      return files.delete(path) ? null : `${path} does not exist`
    default:
      return `Unknown operation ${key}`
  }
}

/** Newest first. */
function listCommits({ repository, revision }: Call): Answer {
  const newest = findCommit(repository, revision)
  if (newest === null) return { ...refuse(404, 'No such revision'), code: 'RevisionNotFound' }
  const value: unknown[] = []
  for (let id: string | null = newest; id !== null; ) {
    const found = repository.log.find((entry) => entry.id === id)
    value.push({ id, title: found?.title ?? '', message: '', date: '2026-01-31T12:00:00.000Z', authors: [] })
    id = found?.parent ?? null
  }
  return { status: 200, value }
}

function findCommit({ refs, tags, commits }: StandInRepository, revision: string): string | null {
  if (isCommit(revision)) return commits.has(revision) ? revision : null
  return refs.get(revision) ?? tags.get(revision) ?? null
}

function tag({ json, repository, revision }: Call): Answer {
  const target = findCommit(repository, revision)
  if (target === null) return { ...refuse(404, 'Invalid rev id'), code: 'RevisionNotFound' }
  if (typeof json.tag !== 'string' || !/^[\w.][\w./-]*$/.test(json.tag)) return refuse(400, 'Invalid tag name')
  if (repository.tags.has(json.tag)) return refuse(409, 'Tag reference exists already')
  repository.tags.set(json.tag, target)
  return { status: 200, value: {} }
}

function branch({ json, repository, revision }: Call): Answer {
  const start = findCommit(repository, typeof json.startingPoint === 'string' ? json.startingPoint : 'main')
  if (start === null) return { ...refuse(404, 'Invalid rev id'), code: 'RevisionNotFound' }
  if (repository.refs.has(revision) && json.overwrite !== true) return refuse(409, 'Reference already exists')
  repository.refs.set(revision, start)
  return { status: 200, value: {} }
}
