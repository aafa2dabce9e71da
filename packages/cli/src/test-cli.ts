// What the tests of the command line share: the command as a process, from its sources, and folders that vanish.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url))
const TSX = import.meta.resolve('tsx')

/** A tiny model with weights of chance: its answers mean nothing and are always the same. */
export const TINY_MODEL: string = fileURLToPath(new URL('../../ml/fixtures/tiny-bert', import.meta.url))

const folders: string[] = []
const children = new Set<ChildProcessWithoutNullStreams>()

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'renown-cli-'))
  folders.push(folder)
  return folder
}

/** For `afterEach`. */
export async function cleanUp(): Promise<void> {
  for (const child of children) child.kill('SIGKILL')
  children.clear()
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })))
}

export interface CliOptions {
  readonly cwd?: string
  readonly input?: string | Uint8Array
  readonly env?: Readonly<Record<string, string>>
}

export interface CliResult {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** Starts the command; standard input stays open. */
export function startCli(args: readonly string[], options: CliOptions = {}): ChildProcessWithoutNullStreams {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(RENOWN|OTEL)_/.test(name)))
  const child = spawn(process.execPath, ['--conditions=source', '--import', TSX, MAIN, ...args], {
    cwd: options.cwd ?? tmpdir(),
    env: { ...env, RENOWN_MODEL: TINY_MODEL, RENOWN_LOG_LEVEL: 'silent', ...options.env },
  })
  children.add(child)
  child.on('close', () => children.delete(child))
  child.stdin.on('error', () => {})
  return child
}

/** Runs the command to its end. */
export async function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const child = startCli(args, options)
  child.stdin.end(options.input ?? '')
  return await endOf(child)
}

export async function endOf(child: ChildProcessWithoutNullStreams): Promise<CliResult> {
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  return await new Promise((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }))
  })
}

/** Resolves with the first match in what the stream says. */
export async function waitFor(stream: NodeJS.ReadableStream, pattern: RegExp): Promise<RegExpExecArray> {
  let seen = ''
  return await new Promise((resolve, reject) => {
    stream.on('data', (text: string | Buffer) => {
      seen += text.toString()
      const match = pattern.exec(seen)
      if (match !== null) resolve(match)
    })
    stream.on('end', () => reject(new Error(`expected ${pattern}, got ${JSON.stringify(seen)}`)))
  })
}

export function parseLines(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}
