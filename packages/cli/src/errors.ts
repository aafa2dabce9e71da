// Every error of the command line, by code, and how any error is shown.
import { EXIT_FAILURE, EXIT_INTERRUPTED, EXIT_USAGE } from './exit-codes.ts'

export const CLI_ERROR_CODES = [
  'USAGE_INVALID',
  'INPUT_NOT_FOUND',
  'COLUMN_NOT_FOUND',
  'OUTPUT_REFUSED',
  'OUTPUT_FAILED',
  'LABELS_UNKNOWN',
  'DATA_EMPTY',
  'SETTINGS_INVALID',
  'INTERRUPTED',
] as const

export type CliErrorCode = (typeof CLI_ERROR_CODES)[number]

/** Codes of what was asked for wrongly; the last ones are the server's, the learning core's and the models'. */
const USAGE_CODES: readonly unknown[] = [
  'USAGE_INVALID',
  'INPUT_NOT_FOUND',
  'COLUMN_NOT_FOUND',
  'SETTINGS_INVALID',
  'SETTING_INVALID',
  'ARGUMENTS_INVALID',
  'GATE_POLICY_INVALID',
  'REGISTRY_INPUT_INVALID',
]

/** An error that ends a command; the message says what, expected and got. */
export class CliError extends Error {
  override readonly name = 'CliError'
  readonly code: CliErrorCode

  constructor(code: CliErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

export function exitCodeOf(error: unknown): number {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined
  if (code === 'INTERRUPTED') return EXIT_INTERRUPTED
  return USAGE_CODES.includes(code) ? EXIT_USAGE : EXIT_FAILURE
}

/** One line: `renown: message (CODE)`; with `verbose` the stack and the causes follow. */
export function formatError(error: unknown, verbose: boolean): string {
  if (!(error instanceof Error)) return `renown: ${String(error)}\n`
  const { code } = error as { code?: unknown }
  const line = `renown: ${error.message}${typeof code === 'string' ? ` (${code})` : ''}\n`
  return verbose ? `${line}${formatStack(error)}` : line
}

function formatStack(error: Error): string {
  const own = `${error.stack ?? error.message}\n`
  return error.cause instanceof Error ? `${own}caused by ${formatStack(error.cause)}` : own
}
