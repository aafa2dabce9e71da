// Data sets and models that tests may use where they are on the machine; they are no part of the project.
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of RENOWN_TEST_DATA, otherwise `shared` beside the repository. */
export function testDataFolder(): string {
  const repository = fileURLToPath(new URL('../../../../', import.meta.url))
  return process.env.RENOWN_TEST_DATA ?? resolve(repository, '..', 'shared')
}

/** A file's text, or undefined where it is not on this machine. */
export async function readTestData(path: string): Promise<string | undefined> {
  return readFile(join(testDataFolder(), path), 'utf8').catch(() => undefined)
}
