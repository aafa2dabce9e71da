// What can go wrong between this page and its server, as one error with a code.

/** Codes that the page itself gives; every other code is the server's own. */
export const PAGE_ERROR_CODES = ['SERVER_UNREACHABLE', 'ANSWER_UNREADABLE'] as const

type PageErrorCode = (typeof PAGE_ERROR_CODES)[number]

export interface ApiErrorDetails {
  /** One of the server's, or one of the page's own. */
  readonly code: PageErrorCode | (string & {})
  readonly status: number
  readonly title: string
  readonly detail: string
  /** How long the server asks to wait, in seconds. */
  readonly retryAfter: number | null
  readonly request: string | null
}

export class ApiError extends Error {
  readonly code: string
  readonly status: number
  readonly title: string
  readonly detail: string
  readonly retryAfter: number | null
  readonly request: string | null

  constructor(details: ApiErrorDetails) {
    super(`${details.title} ${details.detail}`.trim())
    this.name = 'ApiError'
    this.code = details.code
    this.status = details.status
    this.title = details.title
    this.detail = details.detail
    this.retryAfter = details.retryAfter
    this.request = details.request
  }
}

export function unreachable(): ApiError {
  return new ApiError({
    code: 'SERVER_UNREACHABLE',
    status: 0,
    title: 'The server does not answer.',
    detail: 'It may have stopped, or the network is down. This page goes on by itself when it is back.',
    retryAfter: null,
    request: null,
  })
}

/** Reads problem details; an answer that is none (a proxy's page, say) keeps its status. */
export function errorFrom(status: number, body: string, retryAfterHeader: string | null): ApiError {
  const problem = parseObject(body)
  const text = (name: string): string | null => (typeof problem[name] === 'string' ? (problem[name] as string) : null)
  const seconds = Number(retryAfterHeader ?? Number.NaN)
  return new ApiError({
    code: text('code') ?? 'ANSWER_UNREADABLE',
    status,
    title: text('title') ?? `The server answered with status ${status}.`,
    detail: text('detail') ?? '',
    retryAfter: Number.isFinite(seconds) && seconds >= 0 ? seconds : null,
    request: text('instance'),
  })
}

function parseObject(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  const detail = error instanceof Error ? error.message : String(error)
  return new ApiError({
    code: 'ANSWER_UNREADABLE',
    status: 0,
    title: 'The answer could not be read.',
    detail,
    retryAfter: null,
    request: null,
  })
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError'
}

/** Worth asking again without a change: too much at once, or a server that is just coming or going. */
export function isTransient(error: ApiError): boolean {
  return error.status === 429 || error.status === 503 || error.status === 504
}
