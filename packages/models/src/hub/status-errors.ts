// What an answer with an error status means, as an error with a code.
import { ModelsError } from '../errors.ts'
import { RetryableError, readRetryAfter } from './retry.ts'

const LONGEST_MESSAGE = 300
const UNAVAILABLE = new Set([408, 425, 500, 502, 503, 504])

export interface StatusContext {
  /** What was asked for, such as `the model owner/name`. */
  readonly what: string
  /** The repository's page, for terms that have to be accepted. */
  readonly page: string
  readonly endpoint: string
  readonly token: string | null
  readonly now: number
  /** GET unless given. */
  readonly method?: string
}

/** Throws for every answer that isn't a success: RetryableError where another try may help. */
export function checkStatus(response: Response, context: StatusContext): void {
  const { status, headers } = response
  if (status < 400) return
  const { what, endpoint } = context
  if (status === 429) {
    const askedMs = readRetryAfter(headers, context.now)
    const wait = askedMs === null ? '' : `, and asks to wait ${Math.ceil(askedMs / 1000)} s`
    const way = context.token === null ? '; a token in HF_TOKEN raises the limit' : ''
    throw new RetryableError('HUB_RATE_LIMITED', `${endpoint} has had too many requests${wait}${way}`, askedMs)
  }
  if (UNAVAILABLE.has(status)) {
    const askedMs = readRetryAfter(headers, context.now)
    throw new RetryableError('HUB_UNREACHABLE', `${endpoint} answers ${status} for ${what}`, askedMs)
  }
  throw refuse(status, headers.get('x-error-code') ?? '', readMessage(response, context), context)
}

function refuse(status: number, code: string, said: string, context: StatusContext): ModelsError {
  const { what, page, token } = context
  if (code === 'GatedRepo') {
    const way =
      token === null
        ? `accept its terms at ${page} and set HF_TOKEN`
        : `accept its terms at ${page} with the account of the token`
    return new ModelsError('HUB_UNAUTHORIZED', `${what} is gated: ${way}${said}`)
  }
  if (code === 'RevisionNotFound' || code === 'EntryNotFound') {
    const missing = code === 'EntryNotFound' ? 'file' : 'revision'
    return new ModelsError('HUB_NOT_FOUND', `${what}: the Hub has no such ${missing}${said}`)
  }
  if (status === 401 && token !== null && code !== 'RepoNotFound') {
    return new ModelsError(
      'HUB_UNAUTHORIZED',
      `the Hub refuses the token in HF_TOKEN: it is wrong or expired; ${context.endpoint}/settings/tokens has a new one${said}`,
    )
  }
  if (status === 401 || status === 404 || code === 'RepoNotFound') {
    const why =
      token === null
        ? 'it does not exist, or it is private and HF_TOKEN is not set'
        : 'it does not exist, or the token in HF_TOKEN may not see it'
    return new ModelsError('HUB_NOT_FOUND', `the Hub has not found ${what}: ${why}`)
  }
  if (status === 403) return refuseAccess(said, context)
  return new ModelsError('HUB_RESPONSE_INVALID', `${context.endpoint} answers ${status} for ${what}${said}`)
}

function refuseAccess(said: string, { what, method = 'GET' }: StatusContext): ModelsError {
  if (method === 'GET') return new ModelsError('HUB_UNAUTHORIZED', `the Hub refuses access to ${what}${said}`)
  const way = 'HF_TOKEN needs a token with write access'
  return new ModelsError('HUB_UNAUTHORIZED', `the Hub refuses to change ${what}: ${way}${said}`)
}

/** The server's own words, on one line, without the token in case it is repeated there. */
function readMessage({ headers }: Response, { token }: StatusContext): string {
  const text = headers.get('x-error-message')?.replace(/\s+/g, ' ').trim() ?? ''
  const clean = token === null ? text : text.replaceAll(token, '***')
  return clean === '' ? '' : ` (${clean.slice(0, LONGEST_MESSAGE)})`
}
