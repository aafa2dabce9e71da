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

/** `/api/models/owner/name/tree/REVISION?recursive=true&cursor=N`, so many entries a page. */
export function answerTree(
  request: IncomingMessage,
  response: ServerResponse,
  files: StandInFiles,
  { pageSize, url }: { readonly pageSize: number; readonly url: string },
): void {
  const address = new URL(request.url ?? '/', url)
  const start = Number(address.searchParams.get('cursor') ?? 0)
  const entries = [...folders(files), ...[...files].map(([path, file]) => toEntry(path, file))]
  if (start + pageSize < entries.length) {
    address.searchParams.set('cursor', String(start + pageSize))
    response.setHeader('link', `<${address.href}>; rel="next"`)
  }
  sendJson(response, 200, entries.slice(start, start + pageSize))
}

function toEntry(path: string, { size, gitHash, sha256 }: StandInFile): unknown {
  const lfs = sha256 === null ? {} : { lfs: { oid: sha256, size, pointerSize: 132 } }
  return { type: 'file', oid: gitHash, size, path, ...lfs }
}

function folders(files: StandInFiles): unknown[] {
  const paths = new Set([...files.keys()].filter((path) => path.includes('/')).map((path) => path.split('/')[0]))
  return [...paths].map((path) => ({ type: 'directory', oid: '0'.repeat(40), size: 0, path }))
}

/** `/api/models/owner/name/refs` */
export function answerRefs(response: ServerResponse, { refs }: StandInRepository): void {
  const list = [...refs].map(([name, targetCommit]) => ({ name, ref: refPath(name), targetCommit }))
  const isSpecial = ({ name }: { name: string }): boolean => name.startsWith('refs/')
  sendJson(response, 200, {
    branches: list.filter((ref) => !isSpecial(ref)),
    converts: list.filter(isSpecial),
    tags: [],
  })
}

function refPath(name: string): string {
  return name.startsWith('refs/') ? name : `refs/heads/${name}`
}
