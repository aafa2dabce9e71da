// Sends a body piece by piece, as fast as the server takes it. fetch of Node.js 20 would read all of it into memory first.
import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'

const LONGEST_ANSWER = 64 * 1024

export interface StreamRequest {
  readonly method: string
  /** With the body's length. */
  readonly headers: Headers
  readonly body: AsyncIterable<Uint8Array>
  readonly signal: AbortSignal
}

/** The answer, which may come before the body has ended. Rejects with what the connection or the body fails with. */
export async function sendStream(url: URL, { method, headers, body, signal }: StreamRequest): Promise<Response> {
  const send = url.protocol === 'https:' ? requestHttps : requestHttp
  const request = send(url, { method, headers: Object.fromEntries(headers), signal })
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve)
    request.on('error', reject)
  })
  const answer = answered.then(toResponse)
  // Writing fails as well then, and what it fails with says less.
  answer.catch(() => {})
  try {
    await Promise.race([write(request, body), answer])
    return await answer
  } finally {
    request.destroy()
  }
}

/** A piece that the system has taken is no longer needed: its buffer may be filled anew. */
async function write(request: ClientRequest, body: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of body) {
    if (request.destroyed) return
    const isTaken = await new Promise<boolean>((resolve) => request.write(chunk, (error) => resolve(!error)))
    if (!isTaken) return
  }
  request.end()
}

async function toResponse(message: IncomingMessage): Promise<Response> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of message as AsyncIterable<Buffer>) {
    bytes += part.byteLength
    if (bytes <= LONGEST_ANSWER) parts.push(part)
  }
  const headers = Object.entries(message.headers).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, String(value)]],
  )
  const { statusCode: status = 502 } = message
  const hasBody = status !== 204 && status !== 205 && status !== 304
  return new Response(hasBody ? Buffer.concat(parts) : null, { status, headers })
}
