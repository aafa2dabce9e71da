// The one place where an error becomes a problem document.
import { API_ERROR_CODES, type ApiErrorCode, type Problem, type ProblemField, problemType } from '@renown/contract'
import { EngineError, type EngineErrorCode } from '@renown/inference'
import { ApiError, codeOf } from '../errors.ts'
import { fromModels } from './model-problems.ts'

const MOST_FIELDS = 20
/** The client went away: nobody reads this answer, the metrics do. */
export const CLIENT_GONE = 499

export function buildProblem(error: ApiError, instance?: string): Problem {
  const { status, title } = API_ERROR_CODES[error.code]
  const { errors } = error.details
  return {
    type: problemType(error.code),
    title,
    status,
    detail: error.message,
    code: error.code,
    ...(instance === undefined ? {} : { instance }),
    ...(errors === undefined ? {} : { errors: errors.slice(0, MOST_FIELDS) }),
  }
}

const FROM_ENGINE: Readonly<Record<EngineErrorCode, ApiErrorCode>> = {
  OVERLOADED: 'OVERLOADED',
  DEADLINE_EXCEEDED: 'DEADLINE_EXCEEDED',
  // Nobody reads this one: the client is gone, or was told that its deadline has passed.
  ABORTED: 'DEADLINE_EXCEEDED',
  CLOSED: 'SHUTTING_DOWN',
  WORKER_FAILED: 'PREDICTION_FAILED',
  MODEL_LOAD_FAILED: 'MODEL_NOT_READY',
  LABELS_UNSUPPORTED: 'MODEL_NOT_READY',
  ANSWERS_DIFFER: 'MODEL_NOT_READY',
  OPTIONS_INVALID: 'INTERNAL',
}

/** What Fastify, its plugins, Node and the file system refuse. */
const FROM_ELSEWHERE: Readonly<Record<string, ApiErrorCode>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: 'INVALID_JSON',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'INVALID_JSON',
  FST_ERR_CTP_BODY_TOO_LARGE: 'BODY_TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'CONTENT_TYPE_UNSUPPORTED',
  FST_ERR_CTP_EMPTY_TYPE: 'CONTENT_TYPE_UNSUPPORTED',
  FST_INVALID_MULTIPART_CONTENT_TYPE: 'CONTENT_TYPE_UNSUPPORTED',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'INVALID_REQUEST',
  FST_ERR_BAD_URL: 'INVALID_REQUEST',
  FST_PROTO_VIOLATION: 'INVALID_REQUEST',
  FST_INVALID_JSON_FIELD_ERROR: 'INVALID_REQUEST',
  FST_MP_PREMATURE_CLOSE: 'INVALID_REQUEST',
  ERR_STREAM_PREMATURE_CLOSE: 'INVALID_REQUEST',
  ECONNRESET: 'INVALID_REQUEST',
  FST_PARTS_LIMIT: 'INVALID_REQUEST',
  FST_FILES_LIMIT: 'INVALID_REQUEST',
  FST_FIELDS_LIMIT: 'INVALID_REQUEST',
  FST_REQ_FILE_TOO_LARGE: 'FILE_TOO_LARGE',
  FST_ERR_MAX_PARAM_LENGTH: 'URL_TOO_LONG',
  FST_ERR_HANDLER_TIMEOUT: 'DEADLINE_EXCEEDED',
  HPE_HEADER_OVERFLOW: 'HEADERS_TOO_LARGE',
  ERR_HTTP_REQUEST_TIMEOUT: 'REQUEST_TIMEOUT',
  ENOSPC: 'DISK_FULL',
  EDQUOT: 'DISK_FULL',
}

/** Details of what a library says are left out: they may quote the body. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  if (error instanceof EngineError) return fromEngine(error)
  const ofModels = fromModels(error)
  if (ofModels !== null) return ofModels
  const validation = readValidation(error)
  if (validation !== null) return validation
  const known = FROM_ELSEWHERE[codeOf(error)]
  if (known !== undefined) return new ApiError(known, { detail: API_ERROR_CODES[known].explanation, cause: error })
  return fromStatus(error)
}

function fromEngine(error: EngineError): ApiError {
  const code = FROM_ENGINE[error.code]
  return new ApiError(code, {
    detail: API_ERROR_CODES[code].explanation,
    ...(error.retryAfterSeconds === null ? {} : { retryAfterSeconds: error.retryAfterSeconds }),
    cause: error,
  })
}

function fromStatus(error: unknown): ApiError {
  const status = typeof error === 'object' && error !== null && 'statusCode' in error ? Number(error.statusCode) : 500
  if (error instanceof SyntaxError && status === 400) return new ApiError('INVALID_JSON', { cause: error })
  // A file of the page that isn't there, or may not be had.
  if (status === 404 || status === 403) return new ApiError('ROUTE_NOT_FOUND', { cause: error })
  const code = status >= 400 && status < 500 ? 'INVALID_REQUEST' : 'INTERNAL'
  return new ApiError(code, { detail: API_ERROR_CODES[code].explanation, cause: error })
}

interface SchemaError {
  readonly instancePath: string
  readonly keyword: string
  readonly message?: string
  readonly params: Readonly<Record<string, unknown>>
}

function readValidation(error: unknown): ApiError | null {
  if (typeof error !== 'object' || error === null || !('validation' in error)) return null
  if (!Array.isArray(error.validation)) return null
  const part = 'validationContext' in error ? String(error.validationContext) : 'body'
  const errors = error.validation.map((entry: SchemaError) => toField(entry))
  const [first] = errors
  const where = first === undefined || first.path === '' ? `the ${part}` : `${part} ${first.path}`
  return new ApiError('VALIDATION_FAILED', { detail: `${where}: ${first?.detail ?? 'is not valid'}`, errors })
}

// The schema's own words only, never a value of the request.
function toField(error: SchemaError): ProblemField {
  const missing = error.params.missingProperty
  const path = typeof missing === 'string' ? `${error.instancePath}/${missing}` : error.instancePath
  const allowed = error.params.allowedValues
  const list = Array.isArray(allowed) ? `: ${allowed.join(', ')}` : ''
  return { path, code: error.keyword, detail: `${error.message ?? 'is not valid'}${list}` }
}
