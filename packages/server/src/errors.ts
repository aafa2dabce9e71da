// Every error of the server: those that keep it from starting, and those that a request is answered with.
import type { ProblemField } from '@renown/contract'
import { API_ERROR_CODES, type ApiErrorCode } from '@renown/contract/error-codes'

export const SERVER_ERROR_CODES = [
  'SETTING_INVALID',
  'PORT_IN_USE',
  'ADDRESS_UNAVAILABLE',
  'CREDENTIALS_REQUIRED',
  'HOME_UNUSABLE',
  'KEYS_INVALID',
  'KEYS_LOCKED',
  'KEY_NOT_FOUND',
  'ROLLBACK_REFUSED',
  'VERSION_NOT_REFUSED',
  'VERSION_REFUSED',
] as const

export type ServerErrorCode = (typeof SERVER_ERROR_CODES)[number]

/** The server, or a command beside it, cannot do what was asked; the message says what, expected and got. */
export class ServerError extends Error {
  override readonly name = 'ServerError'
  readonly code: ServerErrorCode

  constructor(code: ServerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

export interface ApiErrorDetails {
  readonly detail?: string
  readonly retryAfterSeconds?: number
  readonly errors?: readonly ProblemField[]
  readonly headers?: Readonly<Record<string, string>>
  readonly cause?: unknown
}

/** A request is refused. `detail` goes to the client, so it never holds the text of a post. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly code: ApiErrorCode
  readonly status: number
  readonly details: ApiErrorDetails

  constructor(code: ApiErrorCode, details: ApiErrorDetails = {}) {
    const { stackTraceLimit } = Error
    // A refusal is an answer: nobody reads where it was made, and under overload there are thousands a second.
    if (API_ERROR_CODES[code].status < 500) Error.stackTraceLimit = 0
    super(details.detail ?? API_ERROR_CODES[code].title, { cause: details.cause })
    Error.stackTraceLimit = stackTraceLimit
    this.code = code
    this.status = API_ERROR_CODES[code].status
    this.details = details
  }
}

/** The code of a system or library error, or ''. */
export function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return ''
  return typeof error.code === 'string' ? error.code : ''
}
