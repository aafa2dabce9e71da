// The command line as a function, for tests and tools.
export { CLI_ERROR_CODES, CliError, type CliErrorCode } from './errors.ts'
export type { Io } from './io.ts'
export { runCli } from './run-cli.ts'
