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
  'REGISTRY_INPUT_INVALID',
  'REGISTRY_UNUSABLE',
  'REGISTRY_INVALID',
  'VERSION_NOT_FOUND',
  'VERSION_PRUNED',
  'ALIAS_NOT_SET',
  'ALIAS_MOVED',
  'ROLLBACK_REFUSED',
  'GATE_POLICY_INVALID',
  'GATE_REFUSED',
  'GATE_UNRECORDED',
  'GATE_NOT_PASSED',
  'HUB_NAME_INVALID',
  'HUB_SETTING_INVALID',
  'HUB_UNREACHABLE',
  'HUB_UNAUTHORIZED',
  'HUB_NOT_FOUND',
  'HUB_RATE_LIMITED',
  'HUB_CHECKSUM',
  'HUB_RESPONSE_INVALID',
  'HUB_CACHE_UNUSABLE',
  'HUB_CONFLICT',
  'HUB_TAG_EXISTS',
  'PUBLISH_REFUSED',
  'SIGNING_KEY_INVALID',
  'SIGNING_REFUSED',
  'MODEL_UNSIGNED',
  'MODEL_SIGNATURE_INVALID',
  'DISK_FULL',
  'DATASET_SCRIPT_ONLY',
  'DATASET_FILES_MISSING',
  'DATASET_CONFIG_REQUIRED',
  'DATASET_CONFIG_UNKNOWN',
  'DATASET_SPLIT_UNKNOWN',
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
