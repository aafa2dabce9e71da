// Every error of model folders, by code.
export const MODELS_ERROR_CODES = [
  'MODEL_NOT_FOUND',
  'MODEL_REFERENCE_UNSUPPORTED',
  'MODEL_FILE_MISSING',
  'MODEL_FILE_UNLISTED',
  'MODEL_FILE_OUTSIDE',
  'MODEL_HASH_MISMATCH',
  'MANIFEST_INVALID',
  'EXPORT_REFUSED',
  'EXPORT_FAILED',
  'EVALUATION_REFUSED',
] as const

export type ModelsErrorCode = (typeof MODELS_ERROR_CODES)[number]

/** An error that a caller may branch on by `code`; the message says what, expected and got. */
export class ModelsError extends Error {
  override readonly name = 'ModelsError'
  readonly code: ModelsErrorCode

  constructor(code: ModelsErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
