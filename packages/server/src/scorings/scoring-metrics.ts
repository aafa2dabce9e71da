// How many files are in which state, and how many rows came out of them.
import { SCORING_STATUSES, type ScoringStatus } from '@renown/contract'
import { Counter, Gauge, type Registry } from 'prom-client'

export interface ScoringMetrics {
  rows(scored: number, rejected: number): void
}

export function createScoringMetrics(
  registry: Registry,
  countByStatus: () => ReadonlyMap<ScoringStatus, number>,
): ScoringMetrics {
  const registers = [registry]
  const rows = new Counter({
    name: 'renown_scoring_rows_total',
    help: 'Rows of uploaded files, by outcome.',
    labelNames: ['outcome'],
    registers,
  })
  rows.inc({ outcome: 'scored' }, 0)
  rows.inc({ outcome: 'rejected' }, 0)
  new Gauge({
    name: 'renown_scorings',
    help: 'Uploaded files that are kept, by status.',
    labelNames: ['status'],
    registers,
    collect() {
      const counts = countByStatus()
      for (const status of SCORING_STATUSES) this.set({ status }, counts.get(status) ?? 0)
    },
  })
  return {
    rows(scored, rejected) {
      rows.inc({ outcome: 'scored' }, scored)
      rows.inc({ outcome: 'rejected' }, rejected)
    },
  }
}
