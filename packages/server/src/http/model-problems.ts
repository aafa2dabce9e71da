// Errors of models and of the deployment, as answers of the API.
import { API_ERROR_CODES, type ApiErrorCode } from '@renown/contract'
import { ModelsError, type ModelsErrorCode } from '@renown/models/serving'
import { ApiError, ServerError, type ServerErrorCode } from '../errors.ts'

const FROM_MODELS: Readonly<Partial<Record<ModelsErrorCode, ApiErrorCode>>> = {
  VERSION_NOT_FOUND: 'VERSION_NOT_FOUND',
  VERSION_PRUNED: 'VERSION_PRUNED',
  ALIAS_NOT_SET: 'ALIAS_NOT_SET',
  ALIAS_MOVED: 'ALIAS_MOVED',
  ROLLBACK_REFUSED: 'ROLLBACK_REFUSED',
  GATE_NOT_PASSED: 'GATE_NOT_PASSED',
  REGISTRY_INPUT_INVALID: 'REGISTRY_INPUT_INVALID',
  REGISTRY_INVALID: 'REGISTRY_INVALID',
  REGISTRY_UNUSABLE: 'REGISTRY_UNUSABLE',
  DISK_FULL: 'DISK_FULL',
}

const FROM_SERVER: Readonly<Partial<Record<ServerErrorCode, ApiErrorCode>>> = {
  ROLLBACK_REFUSED: 'ROLLBACK_REFUSED',
  VERSION_NOT_REFUSED: 'VERSION_NOT_REFUSED',
}

/** Null for an error that is none of theirs, or that no request should end in. */
export function fromModels(error: unknown): ApiError | null {
  const code = codeFor(error)
  if (code === undefined) return null
  const { status, explanation } = API_ERROR_CODES[code]
  // What is wrong with the machine is for its log.
  const detail = status >= 500 ? explanation : hidePaths((error as Error).message)
  return new ApiError(code, { detail, cause: error })
}

function codeFor(error: unknown): ApiErrorCode | undefined {
  if (error instanceof ModelsError) return FROM_MODELS[error.code]
  return error instanceof ServerError ? FROM_SERVER[error.code] : undefined
}

/** Of an absolute path only its last part: where things lie on the machine is nobody's business. */
export function hidePaths(message: string): string {
  return message.replace(/(^|[\s"'(])(?:\/|[A-Za-z]:\\)[^\s"']*[\\/]([^\s"'\\/]+)/g, '$1$2')
}
