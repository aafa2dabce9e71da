// What the gate said of each version: read from its gate.json once, as that never changes.
import { type GateReport, GateReportSchema, type GateSummary } from '@renown/contract'
import type { RegistryVersion } from '@renown/models/serving'
import { Check } from 'typebox/value'
import { readKept } from './read-kept.ts'

const GATE_FILE = 'gate.json'
const MOST_REASONS = 20
const MOST_REMEMBERED = 1000

export interface GateSummaries {
  /** Null where the version has no report that can be read: then it passed no gate. */
  of(version: RegistryVersion): Promise<GateSummary | null>
}

export function createGateSummaries(): GateSummaries {
  const known = new Map<string, GateReport | null>()
  return {
    async of(version) {
      const sha256 = version.files[GATE_FILE]?.sha256
      if (sha256 === undefined) return null
      let report = known.get(sha256)
      if (report === undefined) {
        // A damaged copy is not remembered: another version may have the whole one.
        const content = await readKept(version, GATE_FILE).catch(() => undefined)
        if (content === undefined) return null
        report = parseGateReport(content)
        if (known.size >= MOST_REMEMBERED) known.clear()
        known.set(sha256, report)
      }
      return report === null ? null : summarize(report, sha256, version.hash)
    },
  }
}

/** Null for what is no report of a gate. */
export function parseGateReport(content: Buffer | null): GateReport | null {
  if (content === null) return null
  try {
    const json: unknown = JSON.parse(content.toString('utf8'))
    return isReport(json) ? json : null
  } catch {
    return null
  }
}

function isReport(json: unknown): json is GateReport {
  return Check(GateReportSchema, json)
}

function summarize(report: GateReport, sha256: string, hash: string): GateSummary {
  const { verdict, created, data, rules, candidate, references } = report
  const missed = rules.filter(({ status }) => status === 'fail' || status === 'undecidable')
  return {
    verdict,
    created_at: created,
    data_set: data.dataSet,
    split: data.split,
    rows: data.rows,
    champion: references.find(({ role, skipped }) => role === 'champion' && skipped === null)?.hash ?? null,
    reasons: missed.slice(0, MOST_REASONS).map(({ sentence }) => sentence),
    sha256,
    about_this: candidate.hash === hash,
  }
}
