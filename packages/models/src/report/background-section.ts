// What stands behind the figures: the data, the recipe, where the model comes from, and how fast it went.

import type { MachineRecord, TrainingDataSet } from '../manifest.ts'
import { readLogRow } from '../trained/curve.ts'
import { formatCount, formatDuration, formatNumber } from './format.ts'
import { type Html, html } from './html.ts'
import type { ReportTable, TrainingReportData } from './report-data.ts'
import { renderTable } from './table.ts'

export function renderData(tables: readonly ReportTable[]): Html {
  if (tables.length === 0) return html``
  return html`<h2>What it was trained on</h2><div class="pair">${tables.map(renderDataTable)}</div>`
}

/** Columns that a card of half the page has room for. */
const MOST_IN_HALF = 5

function renderDataTable({ title, note, columns, rows }: ReportTable): Html {
  const isNumeric = (column: number): boolean =>
    rows.some((row) => typeof row[column] === 'number') &&
    rows.every((row) => typeof row[column] === 'number' || row[column] === '')
  const cells = rows.map((row) => row.map((cell) => (typeof cell === 'number' ? formatNumber(cell) : cell)))
  const width = columns.length > MOST_IN_HALF ? 'card wide' : 'card'
  return html`<div class="${width}"><h3>${title}</h3>${note === undefined ? '' : html`<p class="fine muted">${note}</p>`}${renderTable(
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
  const facts: readonly (readonly [string, string])[] = [
    ['training took', seconds === undefined ? '' : formatDuration(seconds)],
    [
      'training',
      joinRates([
        [total?.train_samples_per_second, 'posts/s'],
        [total?.train_tokens_per_second, 'tokens/s'],
        [total?.train_steps_per_second, 'steps/s'],
      ]),
    ],
    ['evaluation', joinRates([[evaluation?.eval_samples_per_second, 'posts/s']])],
  ]
  const known = facts.filter(([, value]) => value !== '')
  return known.length === 0 ? html`` : html`<h2>How fast it went</h2><div class="card">${renderFacts(known)}</div>`
}

function joinRates(rates: readonly (readonly [number | undefined, string])[]): string {
  return rates
    .flatMap(([value, unit]) =>
      value === undefined ? [] : [`${value < 10 ? formatNumber(value) : formatCount(value)} ${unit}`],
    )
    .join(', ')
}

export function renderLineage({ manifest }: TrainingReportData): Html {
  const { base, parent, training, license, version } = manifest
  const facts: readonly (readonly [string, string])[] = [
    ['model', `${manifest.name}, version ${version}`],
    ['licence', license],
    ['base', base === null ? '' : joinFacts(base.name, base.revision, nameHash(base.sha256))],
    ['continues version', parent ?? ''],
    ...(training?.data ?? []).map((data) => [data.split ?? 'data', describeData(data)] as const),
    ['code', training?.commit ?? ''],
    ['trainer', training?.trainer ?? ''],
    ['machine', training?.machine === undefined ? '' : describeMachine(training.machine)],
    ['notes', training?.notes ?? ''],
  ]
  return html`<h2>Where it comes from</h2><div class="card">${renderFacts(facts.filter(([, value]) => value !== ''))}</div>
${renderRecipe(training?.recipe ?? {})}`
}

function describeData({ name, config, rows, revision, sha256 }: TrainingDataSet): string {
  const named = config === undefined ? name : `${name} (${config})`
  return joinFacts(named, rows === undefined ? undefined : `${formatCount(rows)} posts`, revision, nameHash(sha256))
}

function describeMachine({ cpu, threads, platform, node, onnxruntime }: MachineRecord): string {
  const cores = `${threads} ${threads === 1 ? 'thread' : 'threads'}`
  return joinFacts(cpu, cores, platform, `Node ${node}`, `onnxruntime ${onnxruntime}`)
}

function joinFacts(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(', ')
}

function nameHash(sha256: string | undefined): string | undefined {
  return sha256 === undefined ? undefined : `SHA-256 ${sha256}`
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

function renderFacts(facts: readonly (readonly [string, string])[]): Html {
  return html`<dl>${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`
}
