// What happens to a registry, as its log keeps it, and how an entry of the log is read.
import { ModelsError } from '../errors.ts'
import type { FileRecord } from '../manifest.ts'
import { readCount, readHash, readList, readObject, readOneOf, readRecord, readText, readTime } from '../read-fields.ts'

/** A document that a decision rests on, such as a gate's report. */
export interface Evidence {
  readonly name: string
  readonly sha256: string
}

export interface VersionAdded {
  readonly kind: 'added'
  /** Such as `v3`. */
  readonly version: string
  readonly name: string
  /** `version` of the manifest. */
  readonly modelVersion: string
  /** Of the model: the same hash gives the same answers. */
  readonly hash: string
  /** Every file of the version's folder, renown.json and the card too. */
  readonly files: Readonly<Record<string, FileRecord>>
}

export interface AliasChange {
  readonly kind: 'promoted' | 'rolled-back'
  readonly alias: string
  /** The version that the alias named before; null where it was not set. */
  readonly from: string | null
  readonly to: string
  readonly evidence: readonly Evidence[]
}

export interface VersionsPruned {
  readonly kind: 'pruned'
  readonly versions: readonly string[]
}

/** A version is on the Hub since then. */
export interface VersionPublished {
  readonly kind: 'published'
  readonly version: string
  /** `owner/name` */
  readonly repository: string
  readonly commit: string
  readonly tag: string | null
}

export type RegistryChange = VersionAdded | AliasChange | VersionsPruned | VersionPublished

export interface Signature {
  readonly who: string
  readonly why: string
}

export interface EventHead extends Signature {
  readonly format: 1
  /** From 1, without gaps. */
  readonly sequence: number
  /** SHA-256 of the entry before, so that none can be altered unseen; null for the first. */
  readonly previous: string | null
  /** By the clock of the machine that wrote it; the order is that of the sequence. */
  readonly time: string
}

export type RegistryEvent = EventHead & RegistryChange

export function renderEvent(event: RegistryEvent): string {
  return `${JSON.stringify(event)}\n`
}

/** Throws REGISTRY_INVALID, with the place. */
export function parseEvent(text: string, path: string): RegistryEvent {
  try {
    return readEvent(JSON.parse(text))
  } catch (cause) {
    const reason = (cause as Error).message.replace(/^renown\.json: /, '')
    throw new ModelsError('REGISTRY_INVALID', `"${path}" is no entry of a registry's log: ${reason}`, { cause })
  }
}

function readEvent(json: unknown): RegistryEvent {
  const fields = readObject(json, 'the entry')
  if (fields.format !== 1) throw new Error(`format: expected 1, got ${JSON.stringify(fields.format)}`)
  const head: EventHead = {
    format: 1,
    sequence: readCount(fields.sequence, 'sequence'),
    previous: fields.previous === null ? null : readHash(fields.previous, 'previous'),
    time: readTime(fields.time, 'time'),
    who: readText(fields.who, 'who'),
    why: readText(fields.why, 'why'),
  }
  const kind = readOneOf(['added', 'promoted', 'rolled-back', 'pruned', 'published'])(fields.kind, 'kind')
  return { ...head, ...READERS[kind](fields) }
}

type Fields = Readonly<Record<string, unknown>>

const READERS: Readonly<Record<RegistryChange['kind'], (fields: Fields) => RegistryChange>> = {
  added: (fields) => ({
    kind: 'added',
    version: readText(fields.version, 'version'),
    name: readText(fields.name, 'name'),
    modelVersion: readText(fields.modelVersion, 'modelVersion'),
    hash: readHash(fields.hash, 'hash'),
    files: readRecord(readFile)(fields.files, 'files'),
  }),
  promoted: (fields) => readAliasChange('promoted', fields),
  'rolled-back': (fields) => readAliasChange('rolled-back', fields),
  pruned: (fields) => ({ kind: 'pruned', versions: readList(readText)(fields.versions, 'versions') }),
  published: (fields) => ({
    kind: 'published',
    version: readText(fields.version, 'version'),
    repository: readText(fields.repository, 'repository'),
    commit: readText(fields.commit, 'commit'),
    tag: fields.tag === null ? null : readText(fields.tag, 'tag'),
  }),
}

function readAliasChange(kind: AliasChange['kind'], fields: Fields): AliasChange {
  return {
    kind,
    alias: readText(fields.alias, 'alias'),
    from: fields.from === null ? null : readText(fields.from, 'from'),
    to: readText(fields.to, 'to'),
    evidence: readList(readEvidence)(fields.evidence, 'evidence'),
  }
}

function readEvidence(value: unknown, path: string): Evidence {
  const fields = readObject(value, path)
  return { name: readText(fields.name, `${path}.name`), sha256: readHash(fields.sha256, `${path}.sha256`) }
}

function readFile(value: unknown, path: string): FileRecord {
  const fields = readObject(value, path)
  return { sha256: readHash(fields.sha256, `${path}.sha256`), bytes: readCount(fields.bytes, `${path}.bytes`) }
}
