// Receives a long body piece by piece through node:http, which costs a large download half of what fetch does.
import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { pipeline, type Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'

export interface ReceivedStream {
  /** Without the body. */
  readonly response: Response
  readonly body: AsyncIterable<Uint8Array>
}

/** Rejects with what the connection fails with, and so does the body. */
export async function receiveStream(
  url: URL,
  { headers, signal }: { readonly headers: Headers; readonly signal: AbortSignal },
): Promise<ReceivedStream> {
  const send = url.protocol === 'https:' ? requestHttps : requestHttp
  const request = send(url, { headers: Object.fromEntries(headers), signal })
  const message = await new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve)
    request.on('error', reject)
    request.end()
  })
  return { response: toResponse(message), body: decode(message) }
}

/** Headers and status alone. */
function toResponse({ headers, statusCode = 502 }: IncomingMessage): Response {
  const given = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, String(value)]],
  )
  return new Response(null, { status: statusCode, headers: given })
}

const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
}

/** A proxy may compress although nobody asked for it. */
function decode(message: IncomingMessage): AsyncIterable<Uint8Array> {
  const decoder = DECODERS[message.headers['content-encoding'] ?? '']
  // Whoever reads gets the error.
  return decoder === undefined ? message : pipeline(message, decoder(), () => {})
}
