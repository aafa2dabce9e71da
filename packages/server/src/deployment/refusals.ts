// deployment.json in the data folder: what the server stays off, and what served last. It outlives the process.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { codeOf } from '../errors.ts'
import { withFileLock, writeFileWhole } from '../file-lock.ts'
import type { RefusedVersion } from './status.ts'

export interface DeploymentMemory {
  /** By what was followed, the version that served last. */
  readonly served: Readonly<Record<string, string>>
  readonly refused: readonly RefusedVersion[]
}

export interface Refusals {
  /** As it was read last. */
  list(): readonly RefusedVersion[]
  find(reference: string): RefusedVersion | null
  /** The version that served last under this name, or null. */
  lastServed(following: string): string | null
  /** Reads the file: another process of the data folder may have written it. */
  read(): Promise<void>
  change(decide: (memory: DeploymentMemory) => DeploymentMemory): Promise<void>
}

const NOTHING: DeploymentMemory = { served: {}, refused: [] }

/** Without the file, or with one that can't be read or written, it lasts as long as the process. */
export function openRefusals(home: string, logger: Logger): Refusals {
  const path = join(home, 'deployment.json')
  let memory = NOTHING
  let text: string | null = null
  async function read(): Promise<void> {
    const found = await readFile(path, 'utf8').catch((error: unknown) => (codeOf(error) === 'ENOENT' ? '' : null))
    if (found === null || found === text) return
    text = found
    memory = found === '' ? NOTHING : (parseMemory(found) ?? memory)
    if (found !== '' && parseMemory(found) === null)
      logger.warn({ path }, 'deployment.json cannot be read: it is ignored')
  }
  return {
    list: () => memory.refused,
    find: (reference) => memory.refused.find((entry) => entry.reference === reference) ?? null,
    lastServed: (following) => memory.served[following] ?? null,
    read,
    async change(decide) {
      await read()
      const written = await withFileLock(path, async () => {
        await read()
        const changed = decide(memory)
        const content = `${JSON.stringify({ format: 1, ...changed }, null, 2)}\n`
        await writeFileWhole(path, content)
        text = content
        memory = changed
      }).catch((error: unknown) => {
        logger.error({ err: error }, 'deployment.json cannot be written: after a restart it is not known')
        return null
      })
      if (written === null) memory = decide(memory)
    },
  }
}

function parseMemory(text: string): DeploymentMemory | null {
  try {
    const { format, served, refused } = Object(JSON.parse(text)) as Record<string, unknown>
    if (format !== 1 || typeof served !== 'object' || served === null || !Array.isArray(refused)) return null
    if (!Object.values(served).every((value) => typeof value === 'string')) return null
    return refused.every(isRefused) ? { served: { ...served } as Record<string, string>, refused } : null
  } catch {
    return null
  }
}

function isRefused(entry: unknown): entry is RefusedVersion {
  const fields = Object(entry) as Record<string, unknown>
  return ['reference', 'hash', 'at', 'code', 'reason'].every((name) => typeof fields[name] === 'string')
}
