// A gate's report as people read it in a terminal.
import type { GateReport, GateRule } from '@renown/models'
import { formatTable } from '../format/table.ts'

const MARKS: Readonly<Record<GateRule['status'], string>> = {
  pass: 'pass',
  fail: 'FAIL',
  undecidable: 'undecidable',
  skipped: 'not checked',
}

export function describeGate({ rules, verdict, candidate, data, history, warnings }: GateReport): string {
  const table = formatTable(
    ['rule', 'of', 'verdict', 'what was found'],
    rules.map(({ rule, subject, status, sentence }) => [rule, subject, MARKS[status], sentence]),
  )
  const head = [
    `Model  ${candidate.name} ${candidate.version}`,
    `Data   ${data.dataSet}, split ${data.split}: ${data.rows.toLocaleString('en-US')} of ${data.rowsOfFile.toLocaleString('en-US')} rows, gate ${history.gates} on them, candidate ${history.candidates}`,
    ...warnings.map((warning) => `Warning: ${warning}`),
  ]
  return `${head.join('\n')}\n\n${table}\n\nVerdict: ${verdict}\n`
}
