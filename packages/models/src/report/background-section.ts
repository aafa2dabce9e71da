// What stands behind the figures: the data, the recipe, where the model comes from, and how fast it went.
import { readLogRow } from '../trained/curve.ts'
import { formatCount, formatDuration, formatNumber } from './format.ts'
import { type Html, type HtmlPart, html } from './html.ts'
import type { ReportTable, TrainingReportData } from './report-data.ts'
import { renderTable } from './table.ts'

export function renderData(tables: readonly ReportTable[]): Html {
  if (tables.length === 0) return html``
  return html`<h2>What it was trained on</h2><div class="pair">${tables.map(renderDataTable)}</div>`
}

function renderDataTable({ title, note, columns, rows }: ReportTable): Html {
  const isNumeric = (column: number): boolean => rows.length > 0 && rows.every((row) => typeof row[column] === 'number')
  const cells = rows.map((row) => row.map((cell) => (typeof cell === 'number' ? formatNumber(cell) : cell)))
  return html`<div class="card"><h3>${title}</h3>${note === undefined ? '' : html`<p class="fine muted">${note}</p>`}${renderTable(
    columns.map((label, column) => ({ label, numeric: isNumeric(column) })),
    cells,
  )}</div>`
}

/** Figures of the log's last row; parts that weren't logged are left out. */
export function renderSpeed({ logHistory, manifest }: TrainingReportData): Html {
  const rows = logHistory.map(readLogRow)
  const total = rows.findLast((row) => row.train_runtime !== undefined)
  const evaluation = rows.findLast((row) => row.eval_samples_per_second !== undefined)
  const seconds = manifest.training?.seconds ?? total?.train_runtime
  const rate = (value: number | undefined, unit: string): string =>
    value === undefined ? '' : `${value < 10 ? formatNumber(value) : formatCount(value)} ${unit}`
  const facts: readonly (readonly [string, string])[] = [
    ['training took', seconds === undefined ? '' : formatDuration(seconds)],
    ['training', rate(total?.train_samples_per_second, 'posts/s')],
    ['', rate(total?.train_tokens_per_second, 'tokens/s')],
    ['', rate(total?.train_steps_per_second, 'steps/s')],
    ['evaluation', rate(evaluation?.eval_samples_per_second, 'posts/s')],
  ]
  const known = facts.filter(([, value]) => value !== '')
  return known.length === 0 ? html`` : html`<h2>How fast it went</h2><div class="card">${renderFacts(known)}</div>`
}

export function renderLineage({ manifest }: TrainingReportData): Html {
  const { base, parent, training, license, version } = manifest
  const machine = training?.machine
  const facts: readonly (readonly [string, HtmlPart])[] = [
    ['model', `${manifest.name}, version ${version}`],
    ['licence', license],
    ['base', base === null ? '' : [base.name, base.revision ?? '', base.sha256 ?? ''].filter(Boolean).join(', ')],
    ['continues version', parent ?? ''],
    ...(training?.data ?? []).map(
      (data) =>
        [
          data.split ?? 'data',
          [
            data.config === undefined ? data.name : `${data.name} (${data.config})`,
            data.rows === undefined ? '' : `${formatCount(data.rows)} posts`,
            data.revision ?? '',
            data.sha256 === undefined ? '' : `SHA-256 ${data.sha256}`,
          ]
            .filter(Boolean)
            .join(', '),
        ] as const,
    ),
    ['code', training?.commit ?? ''],
    ['trainer', training?.trainer ?? ''],
    [
      'machine',
      machine === undefined
        ? ''
        : `${machine.cpu}, ${machine.threads} ${machine.threads === 1 ? 'thread' : 'threads'}, ${machine.platform}, Node ${machine.node}, onnxruntime ${machine.onnxruntime}`,
    ],
    ['notes', training?.notes ?? ''],
  ]
  return html`<h2>Where it comes from</h2><div class="card">${renderFacts(facts.filter(([, value]) => value !== ''))}</div>
${renderRecipe(training?.recipe ?? {})}`
}

function renderRecipe(recipe: Readonly<Record<string, unknown>>): Html {
  const entries = Object.entries(recipe).map(([key, value]) => [key, showSetting(value)] as const)
  if (entries.length === 0) return html``
  return html`<div class="card"><h3>Recipe</h3>${renderFacts(entries)}</div>`
}

/** As in a recipe file: what is no plain value is JSON. */
function showSetting(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'none')
}

function renderFacts(facts: readonly (readonly [string, HtmlPart])[]): Html {
  return html`<dl>${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`
}
