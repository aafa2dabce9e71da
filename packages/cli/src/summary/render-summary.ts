// A run in Markdown: what became of the candidate first, then what it is, what it scored, and the gate's report.
import type { ManifestEvaluation, MetricValue, ModelManifest, TrainingRecord } from '@renown/models'
import { formatCount, formatDuration, formatShare } from '../format/numbers.ts'

export interface SummaryGate {
  readonly verdict: string
  readonly markdown: string
}

export interface SummaryPublication {
  readonly name: string
  readonly page: string
  readonly commit: string
  readonly tag: string | null
  /** False where the repository had it already. */
  readonly isCommitted: boolean
}

/** What a run got to; null for what it didn't. */
export interface Outcome {
  readonly manifest: ModelManifest | null
  readonly gate: SummaryGate | null
  readonly publication: SummaryPublication | null
}

export function renderSummary(outcome: Outcome): string {
  const { manifest, gate } = outcome
  const parts = [
    ...describeOutcome(outcome),
    ...(manifest === null ? [] : [...describeModel(manifest), ...describeScores(manifest.evaluations)]),
    ...(gate === null ? [] : [gate.markdown.trim()]),
  ]
  return `${parts.join('\n\n')}\n`
}

function describeOutcome({ manifest, gate, publication }: Outcome): string[] {
  if (publication !== null) return describePublished(publication)
  if (manifest === null)
    return ['# No model was made', 'The log of the step that failed says why. Nothing was published.']
  if (gate === null) return ['# Nothing was published', 'The model was made and not judged: the log says why.']
  if (gate.verdict === 'pass') {
    return ['# Nothing was published', 'The model passed the gate, and was not published: the log says why.']
  }
  const why = gate.verdict === 'fail' ? 'The model failed the gate' : 'The gate has too few posts to tell'
  return ['# Nothing was published', `${why}, see below. What was published before stays.`]
}

function describePublished({ name, page, commit, tag, isCommitted }: SummaryPublication): string[] {
  const reference = `hf:${name}${tag === null ? '' : `@${tag}`}`
  const state = isCommitted ? 'The commit is' : 'The repository had these files already, at commit'
  return [
    `# [${escapeMarkdown(name)}](${encodeURI(page)}) is ${isCommitted ? 'published' : 'unchanged'}`,
    `${state} \`${commit}\`. Serve it with \`renown serve --model ${reference}\`.`,
  ]
}

function describeModel({ name, version, base, license, training }: ModelManifest): string[] {
  const rows = [
    ['model', `${name} ${version}`],
    ['base', base === null ? 'unknown' : `${base.name}${base.revision === undefined ? '' : ` at ${base.revision}`}`],
    ['licence', license],
    ...(training === null ? [] : describeTraining(training)),
  ]
  return ['## Model', table(['', ''], rows)]
}

const SHOWN_SETTINGS = ['num_train_epochs', 'learning_rate', 'per_device_train_batch_size', 'seed'] as const

function describeTraining({ data, recipe, commit, seconds, machine }: TrainingRecord): string[][] {
  const settings = SHOWN_SETTINGS.filter((name) => recipe[name] !== undefined)
  return [
    ...data.map(({ split, rows, name }) => [
      split ?? 'data',
      `${rows === undefined ? '' : `${formatCount(rows)} posts of `}${name}`,
    ]),
    ...settings.map((name) => [name, String(recipe[name])]),
    ...(seconds === undefined ? [] : [['time to train', formatDuration(seconds)]]),
    ...(machine === undefined
      ? []
      : [['machine', `${machine.cpu}, ${machine.threads} ${machine.threads === 1 ? 'thread' : 'threads'}`]]),
    ...(commit === undefined ? [] : [['code', commit]]),
  ]
}

function describeScores(evaluations: readonly ManifestEvaluation[]): string[] {
  if (evaluations.length === 0) return []
  const rows = evaluations.map(({ file, encoding, dataSet, split, rows, metrics }) => [
    encoding === undefined ? file : `${file} as ${encoding}`,
    `${dataSet}, ${split}`,
    formatCount(rows),
    formatMetric(metrics.macroRecall),
  ])
  return ['## Scores', table(['file', 'data', 'posts', 'macro recall (95 % interval)'], rows)]
}

function formatMetric(metric: MetricValue | undefined): string {
  if (metric === undefined) return '–'
  const { value, low, high } = metric
  const interval = low === undefined || high === undefined ? '' : ` (${formatShare(low)} – ${formatShare(high)})`
  return `${formatShare(value)}${interval}`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeMarkdown).join(' | ')} |`
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)].join('\n')
}

/** Names come from models and files: what Markdown or HTML would make of them is escaped. */
function escapeMarkdown(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_[\]<>#|]/g, '\\$&')
}
