// From the arguments to an exit code; the one place where errors are shown.
import { CommanderError } from 'commander'
import { exitCodeOf, formatError } from './errors.ts'
import { EXIT_OK, EXIT_USAGE } from './exit-codes.ts'
import type { Io } from './io.ts'
import { createProgram } from './program.ts'

/** Runs one command. `argv` has the arguments alone, without the interpreter and the script. */
export async function runCli(argv: readonly string[], io: Io): Promise<number> {
  const closed = watchClosedOutput(io)
  try {
    let exitCode = EXIT_OK
    const setExitCode = (code: number): void => {
      exitCode = code
    }
    const program = await createProgram(argv, { io, setExitCode })
    await program.parseAsync([...argv], { from: 'user' })
    return exitCode
  } catch (error) {
    if (closed.isClosed() && isBrokenPipe(error)) return EXIT_OK
    return showError(error, argv, io)
  }
}

function showError(error: unknown, argv: readonly string[], io: Io): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_OK : EXIT_USAGE
  io.stderr.write(formatError(error, argv.includes('--verbose')))
  return exitCodeOf(error)
}

/** `renown … | head` closes the pipe early: that is the reader's right, and no error. */
function watchClosedOutput(io: Io): { isClosed(): boolean } {
  let closed = false
  io.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (!isBrokenPipe(error)) throw error
    closed = true
  })
  io.stderr.on('error', () => {})
  return { isClosed: () => closed }
}

function isBrokenPipe(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException
  return code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED'
}
