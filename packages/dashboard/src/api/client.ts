// The page's only door to the server: JSON in and out, problems as ApiError, reachability reported.
import { ApiError, errorFrom, isAbort, unreachable } from './errors.ts'

export interface ApiListener {
  /** Called after each attempt: whether the server was reached at all. */
  reached(ok: boolean): void
  /** The server wants credentials that this visitor lacks. */
  loggedOut(): void
}

export interface Api {
  get<T>(path: string, signal?: AbortSignal): Promise<T>
  post<T>(path: string, body?: unknown, signal?: AbortSignal): Promise<T>
  remove(path: string): Promise<void>
  /** The answer's body as a stream of text, for downloads that the page reads in part. */
  open(path: string, signal?: AbortSignal): Promise<Response>
}

export function createApi(fetcher: typeof fetch, listener: ApiListener): Api {
  async function call(path: string, init: RequestInit): Promise<Response> {
    let response: Response
    try {
      response = await fetcher(path, { credentials: 'same-origin', ...init })
    } catch (error) {
      if (isAbort(error)) throw error
      listener.reached(false)
      throw unreachable()
    }
    listener.reached(true)
    if (response.ok) return response
    const error = errorFrom(response.status, await response.text(), response.headers.get('retry-after'))
    if (error.status === 401) listener.loggedOut()
    throw error
  }

  return {
    get: async <T>(path: string, signal?: AbortSignal): Promise<T> =>
      readJson<T>(await call(path, withSignal({}, signal))),
    post: async <T>(path: string, body?: unknown, signal?: AbortSignal): Promise<T> =>
      readJson<T>(await call(path, withSignal(jsonRequest(body), signal))),
    remove: async (path) => {
      await call(path, { method: 'DELETE' })
    },
    open: (path, signal) => call(path, withSignal({}, signal)),
  }
}

function withSignal(init: RequestInit, signal: AbortSignal | undefined): RequestInit {
  return signal === undefined ? init : { ...init, signal }
}

function jsonRequest(body: unknown): RequestInit {
  if (body === undefined) return { method: 'POST' }
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: toJson(body) }
}

/** JSON.stringify escapes lone surrogates, so every string survives the way to the server. */
function toJson(body: unknown): string {
  return JSON.stringify(body)
}

/** The contract types what comes from the page's own server; an empty answer is `undefined`. */
async function readJson<T>(response: Response): Promise<T> {
  const text = await response.text()
  if (text === '') return undefined as T
  try {
    return JSON.parse(text) as T
  } catch {
    throw new ApiError({
      code: 'ANSWER_UNREADABLE',
      status: response.status,
      title: 'The answer could not be read.',
      detail: 'Something between this page and the server may have changed it.',
      retryAfter: null,
      request: null,
    })
  }
}
