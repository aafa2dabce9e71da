// Whether a version may become the champion: what the gate's reports about it say.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ModelsError } from '../errors.ts'
import { GATE_REPORT } from '../gate/read-gate-report.ts'
import { type JudgedModel, type ReportReading, readReportOn } from '../gate/report-objection.ts'
import type { Evidence } from './events.ts'
import { CHAMPION, checkLine } from './references.ts'
import type { Registry, RegistryVersion, SignedMove } from './registry.ts'

/** A document that a promotion rests on, with its content. */
export interface EvidenceDocument {
  readonly name: string
  readonly content: Uint8Array
}

export interface PromotionWish extends Omit<SignedMove, 'evidence'> {
  readonly documents: readonly EvidenceDocument[]
  /** Promote although no report speaks for the version; why none does is recorded beside the reason. */
  readonly withoutGate: boolean
}

/**
 * The move to promote with. Once `champion` is set, it moves to another version only with a gate's report, among the
 * documents or the version's own `gate.json`, that is about this very model, compared it with the one that `champion` names
 * now, and passed; that is then what the move expects `champion` to name. Other aliases, and the first champion, need none.
 * Throws GATE_NOT_PASSED, REGISTRY_INPUT_INVALID.
 */
export async function judgePromotion(
  registry: Registry,
  version: RegistryVersion,
  alias: string,
  { documents, withoutGate, ...move }: PromotionWish,
): Promise<SignedMove> {
  const champion = alias === CHAMPION ? await findNamed(registry, alias) : null
  if (alias !== CHAMPION || champion?.version === version.version) {
    return { ...move, evidence: documents.map(toEvidence) }
  }
  const model = {
    hash: version.hash,
    champion: champion === null ? null : { name: champion.version, hash: champion.hash },
  }
  const hasReport = documents.some((document) => readDocument(document, model).kind !== 'other')
  const papers = hasReport ? documents : [...documents, ...(await readOwnReport(version))]
  const objection = findObjection(papers, model)
  const expect = move.expect === undefined ? { expect: champion?.version ?? null } : {}
  const judged = { ...move, ...expect, evidence: papers.map(toEvidence) }
  if (objection === null) return judged
  if (withoutGate) return { ...judged, why: `${checkLine('why', move.why)} (without the gate: ${objection})` }
  throw new ModelsError('GATE_NOT_PASSED', `${version.version} can't become the champion: ${objection}`)
}

/** All of the reports have to speak for it; without one only the first champion comes in. */
function findObjection(papers: readonly EvidenceDocument[], model: JudgedModel): string | null {
  const readings = papers.map((paper) => readDocument(paper, model))
  const against = readings.find((reading) => reading.kind === 'objection')
  if (against !== undefined) return against.reason
  if (model.champion === null || readings.some(({ kind }) => kind === 'approval')) return null
  return `no report of a gate is there that compares it with ${model.champion.name}, which is the champion now`
}

function readDocument({ content }: EvidenceDocument, model: JudgedModel): ReportReading {
  return readReportOn(new TextDecoder().decode(content), model)
}

async function findNamed(registry: Registry, alias: string): Promise<RegistryVersion | null> {
  return (await registry.list()).find(({ aliases }) => aliases.includes(alias)) ?? null
}

async function readOwnReport({ path, files }: RegistryVersion): Promise<readonly EvidenceDocument[]> {
  if (!Object.hasOwn(files, GATE_REPORT)) return []
  return [{ name: GATE_REPORT, content: await readFile(join(path, GATE_REPORT)) }]
}

/** What the log keeps of a document. */
export function toEvidence({ name, content }: EvidenceDocument): Evidence {
  return { name, sha256: createHash('sha256').update(content).digest('hex') }
}
