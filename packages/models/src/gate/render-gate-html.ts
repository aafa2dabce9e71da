// The report of a gate as an HTML page.
import { formatDay } from '../report/format.ts'
import { type Html, type HtmlPart, html } from '../report/html.ts'
import { renderPage } from '../report/page.ts'
import { renderTable } from '../report/table.ts'
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

/** The verdict first, then every rule, then the figures behind them. */
export function renderGateHtml(report: GateReport): string {
  const { candidate, warnings, slices, comparisons } = report
  return renderPage(
    `Gate of ${candidate.name}`,
    html`<p class="fine muted">Gate, ${formatDay(report.created)}</p>
<h1>${gateSentence(report)}</h1>
<p>${comparedSentence(report)}</p>
<p>${trainingRowsSentence(report)} ${historySentence(report)}</p>
${warnings.map((warning) => html`<p><strong>Warning:</strong> ${warning}.</p>`)}
<h2>Rules</h2>
<div class="card">${renderRules(report.rules)}</div>
<h2>Models on these rows</h2>
<div class="card">${renderNumbers(modelTable(report), 'Models', 2)}<p class="fine muted">In per cent. The interval is from resampling the posts.</p></div>
${comparisons.length === 0 ? '' : renderComparisons(report)}
${slices.length === 0 ? '' : renderSlices(report)}
<h2>Policy</h2>
<div class="card"><dl>${Object.entries(report.policy).map(([key, value]) => html`<dt>${key}</dt><dd>${value}</dd>`)}</dl></div>`,
  )
}

const STATUS_WORDS: Readonly<Record<GateRule['status'], HtmlPart>> = {
  pass: 'pass',
  fail: html`<strong>FAIL</strong>`,
  undecidable: html`<strong>undecidable</strong>`,
  skipped: 'not checked',
}

function renderRules(rules: readonly GateRule[]): Html {
  return renderTable(
    ['rule', 'of', 'verdict', 'what was found'].map((label) => ({ label })),
    rules.map((rule) => [nameRule(rule), rule.subject, STATUS_WORDS[rule.status], rule.sentence]),
    { rowHeads: true, caption: 'Rules' },
  )
}

function renderComparisons(report: GateReport): Html {
  return html`<h2>Differences on the same rows</h2>
<div class="card">${renderNumbers(comparisonTable(report), 'Differences', 2)}<p class="fine muted">In points, the candidate less the other, with one-sided bounds. McNemar's test counts the rows that only the candidate and only the other gets right.</p></div>`
}

function renderSlices({ slices, policy }: GateReport): Html {
  return html`<h2>Slices</h2>
<div class="card">${renderNumbers(sliceTable(slices), 'Slices', 1)}<p class="fine muted">Macro recall in per cent over the labels that occur; differences in points. A slice is judged from ${policy.slice_rows} rows on.</p></div>`
}

/** The first columns are words. */
function renderNumbers({ columns, rows }: TextTable, caption: string, words: number): Html {
  return renderTable(
    columns.map((label, column) => ({ label, numeric: column >= words })),
    rows,
    { rowHeads: true, caption },
  )
}
