// The stand-in's contents: a file from the Hub itself, or by a redirect from the other host; ranges and tags.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type FaultKind, sendBody } from './stand-in-faults.ts'
import type { StandInFile } from './stand-in-repositories.ts'

/** `/owner/name/resolve/REVISION/PATH`: small files at once, those of large storage by a redirect. */
export async function answerResolve(
  request: IncomingMessage,
  response: ServerResponse,
  file: StandInFile,
  place: { readonly commit: string; readonly cdnUrl: string; readonly fault: FaultKind | null },
): Promise<void> {
  response.setHeader('x-repo-commit', place.commit)
  if (file.sha256 === null) {
    response.setHeader('etag', `"${file.gitHash}"`)
    return await answerContent(request, response, file, place.fault)
  }
  const tag = place.fault?.kind === 'retag' ? 'f'.repeat(64) : file.sha256
  response.setHeader('x-linked-etag', `"${tag}"`)
  response.setHeader('x-linked-size', file.size)
  response.writeHead(302, { location: `${place.cdnUrl}/contents/${file.sha256}?signature=anything` })
  response.end()
}

/** `Range: bytes=N-` gives 206 where `If-Range` agrees, 416 behind the end. */
export async function answerContent(
  request: IncomingMessage,
  response: ServerResponse,
  file: StandInFile,
  fault: FaultKind | null,
): Promise<void> {
  const range = fault?.kind === 'whole' || !agrees(request, response) ? null : readRange(request)
  const start = range?.start ?? 0
  const end = Math.min(range?.end ?? file.size - 1, file.size - 1)
  response.setHeader('accept-ranges', 'bytes')
  response.setHeader('content-type', 'application/octet-stream')
  if (range !== null && start >= file.size) {
    response.writeHead(416, { 'content-range': `bytes */${file.size}` }).end()
    return
  }
  if (range !== null) response.setHeader('content-range', `bytes ${start}-${end}/${file.size}`)
  response.statusCode = range === null ? 200 : 206
  response.setHeader('content-length', end - start + 1)
  if (request.method === 'HEAD') response.end()
  else await sendBody(response, file.content.subarray(start, end + 1), fault)
}

function agrees(request: IncomingMessage, response: ServerResponse): boolean {
  const wanted = request.headers['if-range']
  return wanted === undefined || wanted === response.getHeader('etag')
}

function readRange({ headers }: IncomingMessage): { readonly start: number; readonly end?: number } | null {
  const [, start, end] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '') ?? []
  if (start === undefined) return null
  return { start: Number(start), ...(end ? { end: Number(end) } : {}) }
}
