// Runs the command in the process of the test, which is faster than a process of its own.
import { PassThrough } from 'node:stream'
import { runCli } from '../run-cli.ts'
import type { CliResult } from '../test-cli.ts'

export type HereResult = Pick<CliResult, 'code' | 'stdout' | 'stderr'>

/** `renown train` with these arguments; nothing of the environment but `env`. */
export async function trainHere(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<HereResult> {
  return await runHere(['train', ...args], env)
}

/** The same of any command. */
export async function runHere(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<HereResult> {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
  const code = await runCli(args, { stdin, stdout, stderr, env })
  const textOf = (stream: PassThrough): string => (stream.read() as Buffer | null)?.toString('utf8') ?? ''
  return { code, stdout: textOf(stdout), stderr: textOf(stderr) }
}
