// The stand-in's API: what a repository is, and what it holds, page by page.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { StandInFile, StandInFiles, StandInRepository } from './stand-in-repositories.ts'

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
  response.end(JSON.stringify(value))
}

export function sendError(response: ServerResponse, status: number, code: string | null, message: string): void {
  if (code !== null) response.setHeader('x-error-code', code)
  response.setHeader('x-error-message', message)
  sendJson(response, status, { error: message })
}

/** `/api/models/owner/name/revision/REVISION` */
export function answerInfo(
  response: ServerResponse,
  repository: StandInRepository,
  commit: string,
  files: StandInFiles,
): void {
  sendJson(response, 200, {
    _id: commit.slice(0, 24),
    id: repository.name,
    sha: commit,
    private: repository.isPrivate,
    gated: repository.isGated ? 'auto' : false,
    lastModified: '2026-01-31T12:00:00.000Z',
    downloads: 0,
    likes: 0,
    tags: [],
    siblings: [...files.keys()].map((rfilename) => ({ rfilename })),
  })
}

/** `/api/models/owner/name/tree/REVISION/FOLDER?recursive=true&cursor=N`, so many entries a page. */
export function answerTree(
  request: IncomingMessage,
  response: ServerResponse,
  files: StandInFiles,
  { folder, pageSize, url }: { readonly folder: string; readonly pageSize: number; readonly url: string },
): void {
  const address = new URL(request.url ?? '/', url)
  const { searchParams } = address
  const start = Number(searchParams.get('cursor') ?? 0)
  const entries = listEntries(files, folder, searchParams.get('recursive')?.toLowerCase() === 'true')
  if (folder !== '' && entries.length === 0) {
    sendError(response, 404, 'EntryNotFound', `${folder} does not exist`)
    return
  }
  if (start + pageSize < entries.length) {
    searchParams.set('cursor', String(start + pageSize))
    response.setHeader('link', `<${address.href}>; rel="next"`)
  }
  sendJson(response, 200, entries.slice(start, start + pageSize))
}

function listEntries(files: StandInFiles, folder: string, isRecursive: boolean): unknown[] {
  const prefix = folder === '' ? '' : `${folder}/`
  const isListed = (path: string): boolean =>
    path.startsWith(prefix) && (isRecursive || !path.slice(prefix.length).includes('/'))
  const folders = new Set([...files.keys()].flatMap(parentsOf))
  return [
    ...[...folders].filter(isListed).map((path) => ({ type: 'directory', oid: '0'.repeat(40), size: 0, path })),
    ...[...files].filter(([path]) => isListed(path)).map(([path, file]) => toEntry(path, file)),
  ]
}

function parentsOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1)
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'))
}

function toEntry(path: string, { size, gitHash, sha256 }: StandInFile): unknown {
  const lfs = sha256 === null ? {} : { lfs: { oid: sha256, size, pointerSize: 132 } }
  return { type: 'file', oid: gitHash, size, path, ...lfs }
}

/** `/api/models/owner/name/refs` */
export function answerRefs(response: ServerResponse, { refs, tags }: StandInRepository): void {
  const list = [...refs].map(([name, targetCommit]) => ({ name, ref: refPath(name), targetCommit }))
  const isSpecial = ({ name }: { name: string }): boolean => name.startsWith('refs/')
  sendJson(response, 200, {
    branches: list.filter((ref) => !isSpecial(ref)),
    converts: list.filter(isSpecial),
    tags: [...tags].map(([name, targetCommit]) => ({ name, ref: `refs/tags/${name}`, targetCommit })),
  })
}

function refPath(name: string): string {
  return name.startsWith('refs/') ? name : `refs/heads/${name}`
}
