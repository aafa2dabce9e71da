// Hourly sketches on disk: one file an hour and process, added up when they are read.
import { randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { hasShape } from '@renown/models/serving'
import {
  addObservation,
  createSketch,
  mergeSketches,
  type Observation,
  type ReferenceProfile,
  type Sketch,
} from '@renown/reputation'
import { writeFileWhole } from '../file-lock.ts'

export const HOUR_MS = 3_600_000

const FORMAT = 1
/** Of one model, about 10 KB each: two months of an installation, a fortnight of four. */
const MOST_FILES = 1500
const NAME = /^sketch-(\d{4}-\d\d-\d\dT\d\d)\.(\w+)\.json$/

export interface SketchStore {
  /** Counts a post in the hour of `at`, milliseconds since 1970. */
  add(at: number, observation: Observation): void
  /** Writes what is new, and removes the oldest files beyond the bound. */
  save(): Promise<void>
  /** All posts of the hours from `from` on and before `to`, of every process that shares the folder. */
  read(from: number, to: number): Promise<Sketch>
}

interface OpenHour {
  readonly sketch: Sketch
  readonly name: string
  isSaved: boolean
}

/** Hours that this process has open: after a jump of the clock there may be more than one. */
const MOST_OPEN = 4

/**
 * The name of a file is taken once: after a restart, or a clock that was set back, a new file goes on beside the old
 * one. A file that can't be read is left out, and left where it is.
 */
export function createSketchStore(folder: string, { known }: Pick<ReferenceProfile, 'known'>): SketchStore {
  const open = new Map<string, OpenHour>()
  const cache = new Map<string, { readonly sketch: Sketch; readonly revision: string }>()

  function add(at: number, observation: Observation): void {
    const hour = hourName(at)
    let entry = open.get(hour)
    if (entry === undefined) {
      entry = { sketch: createSketch(), name: `sketch-${hour}.${randomBytes(6).toString('hex')}.json`, isSaved: true }
      open.set(hour, entry)
    }
    addObservation(entry.sketch, observation, known)
    entry.isSaved = false
  }

  async function save(): Promise<void> {
    const changed = [...open.values()].filter(({ isSaved }) => !isSaved)
    if (changed.length > 0) await mkdir(folder, { recursive: true, mode: 0o700 })
    for (const entry of changed) {
      entry.isSaved = true
      const text = JSON.stringify({ format: FORMAT, sketch: entry.sketch })
      await writeFileWhole(join(folder, entry.name), `${text}\n`).catch((error: unknown) => {
        entry.isSaved = false
        throw error
      })
    }
    for (const [hour, { isSaved }] of [...open].slice(0, -MOST_OPEN)) if (isSaved) open.delete(hour)
    await removeOldest(folder)
  }

  async function read(from: number, to: number): Promise<Sketch> {
    const own = new Map([...open.values()].map(({ name, sketch }) => [name, sketch]))
    const names = new Set([...own.keys(), ...(await listSketches(folder))])
    const wanted = [...names].filter((name) => isWithin(name, from, to))
    const parts = await Promise.all(wanted.map((name) => own.get(name) ?? readSketch(name)))
    return mergeSketches(parts.filter((sketch) => sketch !== null))
  }

  /** The file of another process is read again where it has been written: clocks differ, so its hour isn't asked. */
  async function readSketch(name: string): Promise<Sketch | null> {
    const path = join(folder, name)
    const file = await stat(path, { bigint: true }).catch(() => null)
    if (file === null) return null
    // A file is replaced, never changed: another one has another inode.
    const revision = `${file.ino} ${file.mtimeNs} ${file.size}`
    const kept = cache.get(name)
    if (kept?.revision === revision) return kept.sketch
    const sketch = parseSketch(await readFile(path, 'utf8').catch(() => ''))
    if (cache.size > MOST_FILES) cache.clear()
    if (sketch !== null) cache.set(name, { sketch, revision })
    return sketch
  }

  return { add, save, read }
}

function hourName(at: number): string {
  return new Date(at).toISOString().slice(0, 13)
}

function hourOf(name: string): string {
  return NAME.exec(name)?.[1] ?? ''
}

function isWithin(name: string, from: number, to: number): boolean {
  const at = Date.parse(`${hourOf(name)}:00:00Z`)
  return at >= Math.floor(from / HOUR_MS) * HOUR_MS && at < to
}

async function listSketches(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).filter((name) => NAME.test(name)).sort()
}

/** By number, not by age: a clock that is wrong removes nothing. */
async function removeOldest(folder: string): Promise<void> {
  const names = await listSketches(folder)
  await Promise.all(names.slice(0, -MOST_FILES).map((name) => rm(join(folder, name), { force: true })))
}

function parseSketch(text: string): Sketch | null {
  try {
    const document: unknown = JSON.parse(text)
    const expected = { format: FORMAT, sketch: createSketch() }
    return hasShape(document, expected) && document.format === FORMAT ? document.sketch : null
  } catch {
    return null
  }
}
