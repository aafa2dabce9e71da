// Every error of the learning core, by code.
export const ML_ERROR_CODES = [
  'CONFIG_INVALID',
  'ARCHITECTURE_UNSUPPORTED',
  'ACTIVATION_UNSUPPORTED',
  'POSITIONS_UNSUPPORTED',
  'SHAPE_MISMATCH',
  'WEIGHTS_MISSING',
  'WEIGHTS_INVALID',
  'WEIGHTS_UNSUPPORTED',
  'PICKLE_REFUSED',
  'TOKENIZER_INVALID',
  'TEXT_TOO_LONG',
  'MODEL_FILE_INVALID',
  'EVALUATION_INVALID',
  'DATA_INVALID',
  'DATA_EMPTY',
  'DATA_UNLABELLED',
  'DATA_ONE_CLASS',
  'LABELS_UNKNOWN',
  'SPLIT_IMPOSSIBLE',
  'TRAINING_INVALID',
  'ARGUMENTS_INVALID',
  'TRAINING_DIVERGED',
  'CHECKPOINT_INVALID',
  'CHECKPOINT_MISMATCH',
  'CHECKPOINT_FAILED',
  'OUTPUT_LOCKED',
  'OUTPUT_OCCUPIED',
] as const

export type MlErrorCode = (typeof ML_ERROR_CODES)[number]

/** An error that a caller may branch on by `code`; the message says what, expected and got. */
export class MlError extends Error {
  override readonly name = 'MlError'
  readonly code: MlErrorCode

  constructor(code: MlErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
