// One exchange with the Hub: redirects that never carry the token away, bodies piece by piece.
import { ModelsError } from '../errors.ts'
import type { HubClient } from './hub-client.ts'
import type { IdleWatch } from './idle-watch.ts'
import { type ReceivedStream, receiveStream } from './receive-stream.ts'
import { RetryableError } from './retry.ts'
import { sendStream } from './send-stream.ts'

const MOST_REDIRECTS = 5
const USER_AGENT = 'renown'
/** After the others a POST would become a GET. */
const KEEPS_METHOD = new Set([307, 308])

export interface HubRequest {
  /** A path below the endpoint, or a whole address. */
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  /** What is asked for, for messages. */
  readonly what: string
  /** The repository's page. */
  readonly page: string
  /** GET unless given. */
  readonly method?: 'GET' | 'POST' | 'PUT'
  readonly body?: HubBody
  /** Sent without the token, as to addresses that are signed, even where they are the endpoint's own. */
  readonly isAnonymous?: boolean
  /** The answer to this GET may be long. */
  readonly isLong?: boolean
}

export interface HubBody {
  /** Stands above a stream too, because object stores take none without a length. */
  readonly bytes: number
  /** Made anew each time that it is sent; a stream calls `touch` as it goes out. */
  readonly open: (touch: () => void) => string | AsyncIterable<Uint8Array>
}

export interface HubAnswer {
  readonly response: Response
  /** Headers of the endpoint's own answer, where that was a redirect; the response's otherwise. */
  readonly first: Headers
  /** The body, piece by piece. Throws RetryableError where the connection is cut or falls silent. */
  readonly chunks: () => AsyncGenerator<Uint8Array>
}

/** Redirects are followed here, because the token goes to the endpoint's own origin and nowhere else. */
export async function exchange(client: HubClient, request: HubRequest, watch: IdleWatch): Promise<HubAnswer> {
  const { endpoint } = client.settings
  let url = new URL(request.url.startsWith('/') ? `${endpoint}${request.url}` : request.url)
  let first: Headers | null = null
  for (let hops = 0; hops <= MOST_REDIRECTS; hops++) {
    const { response, body } = await fetchOnce(client, url, request, watch)
    watch.touch()
    const location = response.headers.get('location')
    if (response.status < 300 || response.status >= 400 || location === null) {
      return { response, first: first ?? response.headers, chunks: () => readChunks(body, url, request, watch) }
    }
    if (url.origin === new URL(endpoint).origin) first = response.headers
    await discard(body)
    checkMethodStays(url, response.status, request)
    url = nextAddress(url, location, request.what)
  }
  throw new ModelsError('HUB_RESPONSE_INVALID', `${endpoint} redirects for ${request.what} again and again`)
}

function checkMethodStays(url: URL, status: number, { method = 'GET', what }: HubRequest): void {
  if (method === 'GET' || KEEPS_METHOD.has(status)) return
  throw new ModelsError(
    'HUB_RESPONSE_INVALID',
    `${url.origin} redirects for ${what} with ${status}, which no ${method} may follow`,
  )
}

function nextAddress(url: URL, location: string, what: string): URL {
  const next = URL.canParse(location, url.href) ? new URL(location, url) : null
  const isFine = next !== null && (next.protocol === 'https:' || next.protocol === url.protocol)
  if (isFine) return next
  throw new ModelsError('HUB_RESPONSE_INVALID', `${url.origin} redirects for ${what} to no address that can be used`)
}

interface Exchanged {
  readonly response: Response
  readonly body: ReceivedStream['body'] | null
}

async function discard(body: Exchanged['body']): Promise<void> {
  for await (const _ of body ?? []) return
}

async function fetchOnce(client: HubClient, url: URL, request: HubRequest, watch: IdleWatch): Promise<Exchanged> {
  const { endpoint, token } = client.settings
  const headers = new Headers({ 'user-agent': USER_AGENT, ...request.headers })
  if (request.body !== undefined) headers.set('content-length', String(request.body.bytes))
  if (url.origin === new URL(endpoint).origin) {
    if (token !== null && request.isAnonymous !== true) headers.set('authorization', `Bearer ${token}`)
  } else {
    // The tag is the Hub's; elsewhere the same bytes have another.
    headers.delete('if-range')
  }
  try {
    const { method = 'GET' } = request
    const body = request.body?.open(watch.touch)
    const { signal } = watch
    if (request.isLong === true) return await receiveStream(url, { headers, signal })
    const response =
      typeof body === 'object'
        ? await sendStream(url, { method, headers, body, signal })
        : await client.fetch(url, {
            method,
            headers,
            redirect: 'manual',
            signal,
            ...(body === undefined ? {} : { body }),
          })
    return { response, body: response.body }
  } catch (cause) {
    // The body itself could not be read.
    if (cause instanceof ModelsError) throw cause
    throw unreachable(url.origin, request.what, cause)
  }
}

async function* readChunks(
  body: Exchanged['body'],
  { origin }: URL,
  request: HubRequest,
  watch: IdleWatch,
): AsyncGenerator<Uint8Array> {
  const pieces = body?.[Symbol.asyncIterator]()
  if (pieces === undefined) return
  try {
    for (;;) {
      const { done, value } = await pieces.next().catch((cause: unknown) => {
        throw unreachable(origin, request.what, cause)
      })
      if (done === true) return
      watch.touch()
      yield value
    }
  } finally {
    await pieces.return?.().catch(() => {})
  }
}

function unreachable(origin: string, what: string, cause: unknown): RetryableError {
  return new RetryableError('HUB_UNREACHABLE', `${origin} can't be reached for ${what}: ${reason(cause)}`, null, {
    cause,
  })
}

/** fetch says "fetch failed" and has the reason behind it. */
function reason(error: unknown): string {
  const { cause, message, code } = error as NodeJS.ErrnoException & { cause?: NodeJS.ErrnoException }
  const inner = cause?.code ?? cause?.message
  return inner ?? code?.toString() ?? (message || 'the connection failed')
}
