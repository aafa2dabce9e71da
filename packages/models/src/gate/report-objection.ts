// What speaks against a model in a gate's report.
import { type GateFinding, readGateFinding } from './read-gate-report.ts'

/** Of a report that may be about it. */
export interface JudgedModel {
  /** Of the model: the same hash gives the same answers. */
  readonly hash: string
  /** What serves now and is to be replaced; null for nothing. */
  readonly champion: { readonly name: string; readonly hash: string } | null
}

/** What a document says of a model: no report, a report that speaks for it, or why it doesn't. */
export type ReportReading =
  | { readonly kind: 'other' }
  | { readonly kind: 'approval' }
  | { readonly kind: 'objection'; readonly reason: string }

export function readReportOn(text: string, model: JudgedModel): ReportReading {
  const finding = readOrNull(text)
  if (finding === null) return { kind: 'other' }
  const reason = typeof finding === 'string' ? finding : findObjection(finding, model)
  return reason === null ? { kind: 'approval' } : { kind: 'objection', reason }
}

/** A sentence where the report is broken. */
function readOrNull(text: string): GateFinding | string | null {
  try {
    return readGateFinding(text)
  } catch (error) {
    return `the gate's report is broken: ${(error as Error).message.replace(/^renown\.json: /, '')}`
  }
}

function findObjection({ verdict, candidate, references }: GateFinding, model: JudgedModel): string | null {
  if (candidate !== model.hash) {
    return `the gate's report is about another model: expected ${short(model.hash)}, got ${short(candidate)}`
  }
  if (verdict === 'fail') return 'it failed the gate'
  if (verdict === 'undecidable') return 'the gate had too few rows to judge it'
  const { champion } = model
  if (champion === null || references.champion === champion.hash) return null
  const other = references.champion === undefined ? 'no champion' : `another one (${short(references.champion)})`
  return `the gate compared it with ${other}, not with ${champion.name}, which is the champion now`
}

function short(hash: string): string {
  return hash.slice(0, 12)
}
