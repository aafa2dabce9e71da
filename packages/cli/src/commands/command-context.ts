// What every command is given, and how it is kept from ending the process by itself.
import type { Command } from 'commander'
import type { Io } from '../io.ts'

export interface CommandContext {
  readonly io: Io
  /** What the process ends with, where it isn't 0. */
  setExitCode(code: number): void
}

/** Errors are thrown and shown in one place; help goes to the streams that were handed in. */
export function isolate(command: Command, io: Io): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => void io.stdout.write(text),
    writeErr: (text) => void io.stderr.write(text),
    outputError: (text, write) => write(`renown: ${text.replace(/^error: /, '').trim()} (USAGE_INVALID)\n`),
  })
}
