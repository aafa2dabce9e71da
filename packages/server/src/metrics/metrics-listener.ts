// An address of their own for metrics: they can be scraped where the API can't be reached, and while it is busy.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { explainListen } from '../http/explain-listen.ts'
import type { HostCheck } from '../http/hosts.ts'
import type { Scraper } from './scraper.ts'

export interface MetricsListener {
  /** Such as http://127.0.0.1:9464/metrics. */
  readonly address: string
  close(): Promise<void>
}

export interface MetricsListenerOptions {
  readonly host: string
  readonly port: number
  readonly scrape: Scraper
  /** Which names in a Host header are answered. */
  readonly answersTo: HostCheck
  /** Whether the Authorization header lets this request in. */
  readonly admits: (authorization: string | undefined) => boolean
  /** The flag that the port was given with, for messages. */
  readonly flag: string
}

const HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }
const REQUEST_TIMEOUT_MS = 10_000

/** Throws PORT_IN_USE, ADDRESS_UNAVAILABLE. */
export async function openMetricsListener(options: MetricsListenerOptions): Promise<MetricsListener> {
  const { host, port, flag } = options
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, (request, response) => {
    answer(options, request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(explainListen(cause, { host, port, flag })))
    server.listen(port, host, resolve)
  })
  // Metrics alone must not keep a process alive that has nothing else to do.
  server.unref()
  return { address: addressOf(server, host), close: async () => await closeServer(server) }
}

async function answer(
  { scrape, answersTo, admits }: MetricsListenerOptions,
  { method, url = '', headers }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const refusal = chooseRefusal({
    isKnown: url === '/metrics' || url.startsWith('/metrics?'),
    isRead: method === 'GET' || method === 'HEAD',
    isNamed: answersTo(headers.host),
    isAdmitted: admits(headers.authorization),
  })
  if (refusal !== null) {
    response.writeHead(refusal.status, { ...HEADERS, ...refusal.headers, 'content-type': 'text/plain; charset=utf-8' })
    response.end(`${refusal.text}\n`)
    return
  }
  const { contentType, text } = await scrape(headers.accept)
  response.writeHead(200, { ...HEADERS, 'content-type': contentType, 'content-length': Buffer.byteLength(text) })
  response.end(method === 'HEAD' ? undefined : text)
}

interface Facts {
  readonly isKnown: boolean
  readonly isRead: boolean
  readonly isNamed: boolean
  readonly isAdmitted: boolean
}

interface MetricsRefusal {
  readonly status: number
  readonly text: string
  readonly headers?: Readonly<Record<string, string>>
}

function chooseRefusal({ isKnown, isRead, isNamed, isAdmitted }: Facts): MetricsRefusal | null {
  if (!isNamed) return { status: 403, text: 'This host name is not answered here.' }
  if (!isAdmitted) {
    const headers = { 'www-authenticate': 'Bearer realm="renown"' }
    return { status: 401, text: 'An API key is needed: Authorization: Bearer rk_…', headers }
  }
  if (!isKnown) return { status: 404, text: 'Metrics are at /metrics.' }
  return isRead ? null : { status: 405, text: 'Only GET is answered here.', headers: { allow: 'GET, HEAD' } }
}

function addressOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}/metrics`
}

async function closeServer(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
