// What a gate found, read from a report that may have come from anywhere.
import { readCount, readFinite, readHash, readList, readObject, readOneOf, readText, readTime } from '../read-fields.ts'
import { type GateVerdict, REFERENCE_ROLES, type ReferenceRole } from './gate-types.ts'

/** In the folder that was judged, or beside it. */
export const GATE_REPORT = 'gate.json'

/** The part of a report that decisions rest on. */
export interface GateFinding {
  readonly created: string
  readonly verdict: GateVerdict
  /** Hash of the model that was judged. */
  readonly candidate: string
  /** Hashes of the models that it was compared with. */
  readonly references: Readonly<Partial<Record<ReferenceRole, string>>>
  /** Of the judged rows. */
  readonly set: string
  readonly rows: number
  /** Macro recall of the served files on those rows. */
  readonly macroRecall: Readonly<Partial<Record<'candidate' | ReferenceRole, number>>>
}

/** Null for a document that is no gate's report; throws an Error, with the place, for one that is broken. */
export function readGateFinding(text: string): GateFinding | null {
  const json = parse(text)
  return isReport(json) ? readReport(json) : null
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function isReport(json: unknown): boolean {
  return typeof json === 'object' && json !== null && (json as { kind?: unknown }).kind === 'renown-gate'
}

function readReport(json: unknown): GateFinding {
  const { format, created, verdict, candidate, references, data, models } = readObject(json, 'the report')
  if (format !== 1) throw new Error(`format: expected 1, got ${JSON.stringify(format)}`)
  const rows = readObject(data, 'data')
  return {
    created: readTime(created, 'created'),
    verdict: readOneOf(['pass', 'fail', 'undecidable'])(verdict, 'verdict'),
    candidate: readHash(readObject(candidate, 'candidate').hash, 'candidate.hash'),
    references: Object.fromEntries(readList(readReference)(references, 'references').flat()),
    set: readHash(rows.set, 'data.set'),
    rows: readCount(rows.rows, 'data.rows'),
    // Of each model the file that is served comes first, and counts.
    macroRecall: Object.fromEntries(readList(readScore)(models, 'models').toReversed()),
  }
}

/** None for one that was left out. */
function readReference(value: unknown, path: string): readonly (readonly [ReferenceRole, string])[] {
  const { role, hash, skipped } = readObject(value, path)
  if (skipped !== null) return []
  return [[readOneOf(REFERENCE_ROLES)(role, `${path}.role`), readHash(hash, `${path}.hash`)]]
}

function readScore(value: unknown, path: string): readonly [string, number] {
  const { role, macroRecall } = readObject(value, path)
  const found = readObject(macroRecall, `${path}.macroRecall`)
  return [readText(role, `${path}.role`), readFinite(found.value, `${path}.macroRecall.value`)]
}
