// Every error of the engine, by code.
export const ENGINE_ERROR_CODES = [
  'OVERLOADED',
  'DEADLINE_EXCEEDED',
  'ABORTED',
  'CLOSED',
  'WORKER_FAILED',
  'MODEL_LOAD_FAILED',
  'LABELS_UNSUPPORTED',
  'ANSWERS_DIFFER',
  'OPTIONS_INVALID',
] as const

export type EngineErrorCode = (typeof ENGINE_ERROR_CODES)[number]

/** Codes of the refusals that stand in the place of one text's answer while the rest of the call is answered. */
export const REFUSAL_CODES = ['TEXT_TOO_LONG', 'TEXT_UNREADABLE', 'WORKER_FAILED'] as const

export type RefusalCode = (typeof REFUSAL_CODES)[number]

export interface EngineErrorOptions extends ErrorOptions {
  readonly retryAfterSeconds?: number
}

/** An error that a caller may branch on by `code`; the message says what, expected and got. */
export class EngineError extends Error {
  override readonly name = 'EngineError'
  readonly code: EngineErrorCode
  /** With OVERLOADED: when there should be room again, 1 to 30. */
  readonly retryAfterSeconds: number | null

  constructor(code: EngineErrorCode, message: string, options?: EngineErrorOptions) {
    super(message, options)
    this.code = code
    this.retryAfterSeconds = options?.retryAfterSeconds ?? null
  }
}
