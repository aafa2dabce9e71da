// The report of a gate in Markdown: for the summary of a job, and for a model card.
import { table } from '../card-measured.ts'
import {
  comparedSentence,
  comparisonTable,
  gateSentence,
  historySentence,
  modelTable,
  nameRule,
  sliceTable,
  type TextTable,
  trainingRowsSentence,
} from './gate-sentence.ts'
import type { GateReport, GateRule } from './gate-types.ts'

const MARKS: Readonly<Record<GateRule['status'], string>> = {
  pass: 'pass',
  fail: '**FAIL**',
  undecidable: '**undecidable**',
  skipped: 'not checked',
}

/** Names and sentences come from models and files: what Markdown or HTML would make of them is escaped. */
export function renderGateMarkdown(report: GateReport): string {
  const { warnings, slices, comparisons } = report
  const parts = [
    `## Gate: ${report.verdict}`,
    `${escapeMarkdown(gateSentence(report))}.`,
    escapeMarkdown(`${comparedSentence(report)} ${trainingRowsSentence(report)} ${historySentence(report)}`),
    ...warnings.map((warning) => `> Warning: ${escapeMarkdown(warning)}.`),
    renderTable({
      columns: ['rule', 'of', 'verdict', 'what was found'],
      rows: report.rules.map((rule) => [nameRule(rule), rule.subject, MARKS[rule.status], rule.sentence]),
    }),
    '### Models',
    renderTable(modelTable(report)),
    ...(comparisons.length === 0 ? [] : ['### Differences in points', renderTable(comparisonTable(report))]),
    ...(slices.length === 0 ? [] : ['### Slices, macro recall', renderTable(sliceTable(slices))]),
  ]
  return `${parts.join('\n\n')}\n`
}

function renderTable({ columns, rows }: TextTable): string {
  return table(
    columns.map(escapeMarkdown),
    rows.map((row) => row.map((cell) => (Object.values(MARKS).includes(cell) ? cell : escapeMarkdown(cell)))),
  )
}

function escapeMarkdown(text: string): string {
  return text.replace(/[\r\n]+/g, ' ').replace(/[\\`*_[\]<>#]/g, '\\$&')
}
