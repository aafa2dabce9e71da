// How good the model is: each served file on each split, each label, and what is taken for what.
import type { Evaluation, Interval } from '@renown/ml'
import type { SplitEvaluation } from '../trained/finish-types.ts'
import {
  formatCount,
  formatDifference,
  formatInterval,
  formatPoints,
  formatShare,
  nameEncoding,
  nameFile,
} from './format.ts'
import { type Html, html } from './html.ts'
import { renderTable } from './table.ts'

export function renderResults(evaluations: readonly SplitEvaluation[]): Html {
  const [main] = evaluations
  if (main === undefined) return html`<h2>How good it is</h2><p>No split was measured.</p>`
  const served = evaluations.filter(({ file }) => file === main.file)
  const others = evaluations.filter(({ file }) => file !== main.file)
  return html`<h2>How good it is</h2>
<p>${describeFiles(evaluations)} Every figure in per cent, with its 95 % interval from resampling the posts.</p>
<div class="card">${renderFiles(evaluations)}</div>
<div class="card"><h3>${describeClasses(main.evaluation)}</h3>
<p class="fine muted">${nameMeasured(main)}</p>${renderClasses(main.evaluation)}</div>
<div class="pair">${served.map(renderConfusion)}</div>
${others.length === 0 ? '' : html`<details><summary>Confusion of the other files</summary><div class="pair">${others.map(renderConfusion)}</div></details>`}`
}

function nameMeasured({ dataSet, split, evaluation, ...file }: SplitEvaluation): string {
  return `${nameFile(file)} on ${dataSet}, ${split}; n = ${formatCount(evaluation.n)}`
}

/** What 8-bit weights cost: the difference on the split that comes first. */
function describeFiles(evaluations: readonly SplitEvaluation[]): string {
  const [main] = evaluations
  const float = evaluations.find(({ encoding, split }) => encoding === 'float32' && split === main?.split)
  if (main === undefined || float === undefined || float === main) return ''
  const difference = main.evaluation.macroRecall - float.evaluation.macroRecall
  const isSame = formatDifference(difference) === '0.0'
  const change = isSame ? 'the same macro recall as' : `${formatDifference(difference)} points of macro recall against`
  return `Renown serves the 8-bit file by default: ${change} 32 bits on the ${main.split} split.`
}

function withInterval(value: number, interval: Interval): Html {
  return html`${formatPoints(value)}<small>${formatInterval(interval)}</small>`
}

function renderFiles(evaluations: readonly SplitEvaluation[]): Html {
  const columns = [
    { label: 'file, split' },
    ...['macro recall', 'macro F1', 'accuracy', 'calibration error', 'before'].map((label) => ({
      label,
      numeric: true,
    })),
  ]
  const rows = evaluations.map(({ encoding, split, evaluation, calibration }) => [
    html`${nameEncoding(encoding)}, ${split}<small>n = ${formatCount(evaluation.n)}</small>`,
    withInterval(evaluation.macroRecall, evaluation.intervals.macroRecall),
    withInterval(evaluation.macroF1, evaluation.intervals.macroF1),
    withInterval(evaluation.accuracy, evaluation.intervals.accuracy),
    formatPoints(calibration.after.ece),
    formatPoints(calibration.before.ece),
  ])
  const files = [...new Set(evaluations.map(({ file, encoding }) => `${nameEncoding(encoding)} is ${file}`))].join(', ')
  return html`${renderTable(columns, rows, { rowHeads: true, caption: 'Each served file on each split' })}
<p class="fine muted">${files}. The calibration error is with the temperature, and before it.</p>`
}

function describeClasses({ perClass }: Evaluation): string {
  const occurring = perClass.filter(({ support }) => support > 0)
  const [first] = occurring
  if (first === undefined) return 'No label occurs in this split'
  const best = occurring.reduce((found, entry) => (entry.recall > found.recall ? entry : found))
  const worst = occurring.reduce((found, entry) => (entry.recall < found.recall ? entry : found))
  if (best.recall === worst.recall) return `Every label is found as often: ${formatShare(best.recall)}`
  return `${best.label} is found most often (${formatShare(best.recall)}), ${worst.label} least (${formatShare(worst.recall)})`
}

function renderClasses({ perClass, intervals }: Evaluation): Html {
  const columns = [
    { label: 'label' },
    ...['precision', 'recall', 'F1', 'posts'].map((label) => ({ label, numeric: true })),
  ]
  const rows = perClass.map(({ label, precision, recall, f1, support }, index) => {
    const ranges = intervals.perClass[index]
    const cell = (value: number, range: Interval | undefined) =>
      range === undefined ? formatPoints(value) : withInterval(value, range)
    return [
      label,
      cell(precision, ranges?.precision),
      cell(recall, ranges?.recall),
      cell(f1, ranges?.f1),
      formatCount(support),
    ]
  })
  return renderTable(columns, rows, { rowHeads: true, caption: 'Each label' })
}

/** Rows are shares of a true label; the counts stand under them. */
function renderConfusion(measured: SplitEvaluation): Html {
  const { evaluation } = measured
  const labels = evaluation.perClass.map(({ label }) => label)
  return html`<figure class="chart confusion"><figcaption><h3>${describeConfusion(evaluation)}</h3>
<p class="muted">Share of each true label, in per cent, over the number of posts. ${nameMeasured(measured)}</p></figcaption>
<div class="scroll" tabindex="0" role="group" aria-label="Confusion"><table>
<thead><tr><th scope="col">true ↓ predicted →</th>${labels.map((label) => html`<th scope="col" class="number">${label}</th>`)}</tr></thead>
<tbody>${evaluation.confusion.map((counts, row) => confusionRow(labels[row] ?? '', counts, row))}</tbody></table></div></figure>`
}

function confusionRow(label: string, counts: readonly number[], right: number): Html {
  const total = counts.reduce((sum, count) => sum + count, 0)
  return html`<tr><th scope="row">${label}</th>${counts.map((count, column) => {
    const share = total === 0 ? 0 : count / total
    const look = column === right ? 'number right' : 'number'
    const shown = total === 0 ? '–' : formatPoints(share)
    return html`<td class="${look}" style="--share:${share.toFixed(3)}">${shown}<small>${formatCount(count)}</small></td>`
  })}</tr>
`
}

/** The confusion that costs most posts. */
function describeConfusion({ confusion, perClass }: Evaluation): string {
  const cells = confusion.flatMap((counts, row) =>
    counts.map((count, column) => ({ count, row, column })).filter((cell) => cell.row !== cell.column),
  )
  const worst = cells.reduce((found, cell) => (cell.count > found.count ? cell : found), {
    count: 0,
    row: 0,
    column: 0,
  })
  if (worst.count === 0) return 'Nothing is taken for something else'
  const name = (index: number) => perClass[index]?.label ?? ''
  return `The commonest mistake: ${name(worst.row)} taken for ${name(worst.column)} (${formatCount(worst.count)} posts)`
}
