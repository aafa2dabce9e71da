// The log of a registry: entries that appear whole, once, in one order, whoever writes at the same time.
//
// An entry is a folder that is filled beside the log, flushed, and renamed to the next number. No file system renames a
// folder over one that isn't empty, so of two writers one gets the number, and the other reads what was written, decides
// anew and takes the next. There is no lock that a dead process could leave behind, and no state beside the log that could
// disagree with it: aliases are computed from it. A process that dies has written its entry or hasn't. All that it asks of a
// file system is that a folder is renamed in one step; neither links nor processes that see each other are needed.
import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { syncPath, writeDurably } from '@renown/ml/durable-files'
import { ModelsError } from '../errors.ts'
import { parseEvent, type RegistryChange, type RegistryEvent, renderEvent, type Signature } from './events.ts'
import { onRegistry } from './on-registry.ts'
import type { RegistryPaths } from './registry-paths.ts'
import { applyEvent, EMPTY_STATE, type RegistryState } from './registry-state.ts'

const ENTRY_FILE = 'event.json'
const NUMBER_DIGITS = 8

export interface EventLog {
  /** Costs two small reads where nothing is new. */
  read(): Promise<RegistryState>
  /**
   * Decides on the newest state and writes; decides again where another was faster. What is decided must not depend on
   * anything else. Null is for nothing to do.
   */
  append(decide: (state: RegistryState) => RegistryChange | null, signature: Signature): Promise<Appended>
}

export interface Appended {
  /** Null where there was nothing to do. */
  readonly event: RegistryEvent | null
  /** As it is with that event. */
  readonly state: RegistryState
}

interface Known {
  readonly state: RegistryState
  /** The newest entry as it was read. */
  readonly text: string | null
}

export function openEventLog(paths: RegistryPaths, clock: () => Date): EventLog {
  let known: Known = { state: EMPTY_STATE, text: null }
  async function readNews(): Promise<Known> {
    known = await onRegistry(paths.root, () => readOn(paths, known))
    return known
  }
  return {
    read: async () => (await readNews()).state,
    async append(decide, signature) {
      for (;;) {
        const { state, text } = await readNews()
        const change = decide(state)
        if (change === null) return { event: null, state }
        const event: RegistryEvent = {
          format: 1,
          sequence: state.events.length + 1,
          previous: text === null ? null : hashEntry(text),
          time: clock().toISOString(),
          ...signature,
          ...change,
        }
        const after = applyEvent(state, event)
        if (await onRegistry(paths.root, () => placeEntry(paths, event))) return { event, state: after }
      }
    },
  }
}

/** Entries never change, so only those after the last one are read; from the start where that one is another now. */
async function readOn(paths: RegistryPaths, before: Known): Promise<Known> {
  const count = before.state.events.length
  const isSame = count > 0 && (await readEntry(paths, count)) === before.text
  let known = isSame ? before : { state: EMPTY_STATE, text: null }
  const highest = isSame ? 0 : await highestNumber(paths)
  for (;;) {
    const sequence = known.state.events.length + 1
    const text = await readEntry(paths, sequence)
    if (text === null) {
      if (highest < sequence) return known
      throw new ModelsError('REGISTRY_INVALID', `"${entryPath(paths, sequence)}" is missing: later ones are there`)
    }
    known = { state: applyEvent(known.state, parseEvent(text, entryPath(paths, sequence))), text }
  }
}

/** The texts of all entries, in order, for those who check them. */
export async function readEntries(paths: RegistryPaths): Promise<readonly string[]> {
  const texts: string[] = []
  for (;;) {
    const text = await readEntry(paths, texts.length + 1)
    if (text === null) return texts
    texts.push(text)
  }
}

export function hashEntry(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

async function placeEntry(paths: RegistryPaths, event: RegistryEvent): Promise<boolean> {
  const text = renderEvent(event)
  const draft = join(paths.staging, randomUUID())
  const entry = entryPath(paths, event.sequence)
  try {
    await mkdir(draft, { recursive: true })
    await mkdir(paths.log, { recursive: true })
    await writeDurably(join(draft, ENTRY_FILE), text)
    await syncPath(draft)
    await rename(draft, entry)
  } catch (error) {
    // Systems name it differently that the number is taken; over a network it may be taken by us.
    const found = await readEntry(paths, event.sequence)
    if (found === null) throw error
    if (found !== text) return false
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
  await syncPath(paths.log)
  return true
}

async function readEntry(paths: RegistryPaths, sequence: number): Promise<string | null> {
  return await readFile(join(entryPath(paths, sequence), ENTRY_FILE), 'utf8').catch(nullWhereNothing)
}

async function highestNumber({ log }: RegistryPaths): Promise<number> {
  const names = (await readdir(log).catch(nullWhereNothing)) ?? []
  return Math.max(0, ...names.filter((name) => /^\d+$/.test(name)).map(Number))
}

function nullWhereNothing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
  throw error
}

function entryPath({ log }: RegistryPaths, sequence: number): string {
  return join(log, String(sequence).padStart(NUMBER_DIGITS, '0'))
}
