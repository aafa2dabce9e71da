// The mistakes that the model was surest of: rows to look at, and texts only where they were asked for.
import type { Mistake } from '../trained/finish-types.ts'
import { formatPoints, nameFile } from './format.ts'
import { type Html, html } from './html.ts'
import type { TrainingReportData } from './report-data.ts'
import { renderTable } from './table.ts'

const SHOWN = 20
/** Longer posts fold. */
const LONG_CHARS = 280

export function renderMistakes({ evaluations, includeTexts }: TrainingReportData): Html {
  const [main] = evaluations
  if (main === undefined) return html``
  const withTexts = includeTexts === true
  const [shown, rest] = [main.mistakes.slice(0, SHOWN), main.mistakes.slice(SHOWN)]
  return html`<h2>Its worst mistakes</h2>
<p>${nameFile(main)} on ${main.dataSet}, ${main.split}: the posts whose true label it held for least probable. Some of them will be wrongly labelled. ${
    withTexts ? '' : 'Texts are left out, so that this page can be shown to anyone.'
  }</p>
${
  shown.length === 0
    ? html`<p>It made no mistake on these posts.</p>`
    : html`<div class="card">${renderRows(shown, withTexts)}${
        rest.length === 0
          ? ''
          : html`<details><summary>${rest.length} more</summary>${renderRows(rest, withTexts)}</details>`
      }</div>`
}`
}

function renderRows(mistakes: readonly Mistake[], withTexts: boolean): Html {
  const columns = [
    { label: 'row', numeric: true },
    { label: 'label' },
    { label: 'predicted' },
    { label: 'probability, %', numeric: true },
    { label: 'of the true label, %', numeric: true },
  ]
  const rows = mistakes.map((mistake) => [
    // A number to look up, not a count: without separators.
    String(mistake.row),
    mistake.label,
    mistake.predicted,
    formatPoints(mistake.probability),
    formatPoints(mistake.labelProbability),
  ])
  const under = withTexts ? { under: mistakes.map(({ text }) => renderText(text)) } : {}
  return renderTable(columns, rows, { caption: 'Mistakes', ...under })
}

function renderText(text: string): Html {
  const characters = [...text]
  if (characters.length <= LONG_CHARS) return html`<div class="post" dir="auto">${text}</div>`
  const start = characters.slice(0, LONG_CHARS).join('')
  return html`<div class="post" dir="auto">${start}…</div><details><summary>All ${characters.length} characters</summary><div class="post" dir="auto">${text}</div></details>`
}
