// Where the benchmarks find what is measured: the clone, and data and peers named by the environment.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT: string = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
export const RENOWN_BIN: string = join(ROOT, 'packages/cli/bin/renown.mjs')

/** RENOWN_TEST_DATA, or the folder `shared` beside the clone: labelled posts, a reference model, the peers' programs. */
export function testData(path = ''): string {
  const folder = process.env.RENOWN_TEST_DATA ?? resolve(ROOT, '..', 'shared')
  return requirePath(join(folder, path), 'RENOWN_TEST_DATA')
}

/** A path from an environment variable, or null if it isn't set. */
export function pathFromEnv(variable: string): string | null {
  const value = process.env[variable]
  return value === undefined || value === '' ? null : requirePath(resolve(value), variable)
}

function requirePath(path: string, variable: string): string {
  if (!existsSync(path)) throw new Error(`${path} doesn't exist; set ${variable} (see bench/README.md).`)
  return path
}

/** Calls back with a folder that is gone afterwards. */
export async function withTemporaryFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'renown-bench-'))
  try {
    return await use(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
