// The part of a model card that says what was measured; it stands between two marks, so that it can be renewed alone.
import { metricName } from './card-front-matter.ts'
import { chooseModelFile, FLOAT_ONNX_FILE, isOnnx, SAFETENSORS_FILE } from './loader-files.ts'
import type { ClassMetrics, ManifestEvaluation, MetricValue, ModelManifest } from './manifest.ts'

export const MEASURED_START = '<!-- measured by renown evaluate: from here -->'
export const MEASURED_END = '<!-- measured by renown evaluate: to here -->'

export function renderMeasured(manifest: ModelManifest): string {
  return [MEASURED_START, '## How it was measured', ...sections(manifest), MEASURED_END].join('\n\n')
}

function sections(manifest: ModelManifest): string[] {
  if (manifest.evaluations.length === 0) return ['No evaluation of this model is recorded.']
  const intro =
    'Each table is one served file on one data set, scored with the same text preparation, tokenisation and windows as in serving. Macro recall is the mean of the recalls of the labels: it does not depend on how frequent they are.'
  return [
    intro,
    ...manifest.evaluations.map((evaluation) => renderEvaluation(evaluation, manifest)),
    ...unmeasured(manifest),
  ]
}

function unmeasured(manifest: ModelManifest): string[] {
  const measured = new Set(manifest.evaluations.map((evaluation) => evaluation.file))
  const rest = Object.keys(manifest.files).filter((name) => isOnnx(name) && !measured.has(name))
  const hasTwin = measured.has(SAFETENSORS_FILE) && rest.includes(FLOAT_ONNX_FILE)
  const unknown = hasTwin ? rest.filter((name) => name !== FLOAT_ONNX_FILE) : rest
  return [
    hasTwin
      ? `\`${FLOAT_ONNX_FILE}\` holds the same numbers as \`${SAFETENSORS_FILE}\` and is not measured by itself.`
      : '',
    unknown.length === 0 ? '' : `Not measured: ${unknown.map((name) => `\`${name}\``).join(', ')}.`,
  ].filter((line) => line !== '')
}

function renderEvaluation(evaluation: ManifestEvaluation, manifest: ModelManifest): string {
  const encoding = evaluation.encoding === undefined ? '' : ` as ${evaluation.encoding}`
  const held = evaluation.encoding === undefined ? '' : `, weights held as ${evaluation.encoding}`
  const parts = [
    `### \`${evaluation.file}\`${encoding} on ${evaluation.dataSet}, ${evaluation.split}`,
    `${formatCount(evaluation.rows)} rows (SHA-256 of the data file \`${evaluation.sha256}\`)${held}${servedNote(evaluation, manifest)}.`,
    table(['metric', 'value', '95 % interval'], Object.entries(evaluation.metrics).map(metricRow)),
  ]
  if (evaluation.perClass !== undefined) parts.push(renderClasses(evaluation.perClass))
  if (evaluation.confusion !== undefined) parts.push(renderConfusion(evaluation.confusion, manifest.labels))
  return parts.join('\n\n')
}

function servedNote(evaluation: ManifestEvaluation, manifest: ModelManifest): string {
  const record = manifest.files[evaluation.file]
  const isOther = evaluation.fileSha256 !== undefined && evaluation.fileSha256 !== record?.sha256
  if (isOther) return '; the file has changed since'
  return chooseModelFile(manifest.files) === evaluation.file ? '; this is the file that Renown serves by default' : ''
}

function metricRow([key, metric]: readonly [string, MetricValue]): string[] {
  const interval =
    metric.low === undefined || metric.high === undefined
      ? '–'
      : `${formatMetric(metric.low)} – ${formatMetric(metric.high)}`
  return [metricName(key), formatMetric(metric.value), interval]
}

function renderClasses(classes: readonly ClassMetrics[]): string {
  const rows = classes.map((entry) => [
    entry.label,
    formatMetric(entry.precision),
    formatMetric(entry.recall),
    formatMetric(entry.f1),
    formatCount(entry.support),
  ])
  return table(['label', 'precision', 'recall', 'F1', 'rows'], rows)
}

function renderConfusion(confusion: readonly (readonly number[])[], labels: readonly string[]): string {
  const rows = confusion.map((counts, index) => [`true ${labels[index] ?? index}`, ...counts.map(formatCount)])
  return table(['', ...labels.map((label) => `predicted ${label}`)], rows)
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n')
}

function formatMetric(value: number): string {
  return value.toFixed(4)
}

export function formatCount(count: number): string {
  return count.toLocaleString('en-US')
}
