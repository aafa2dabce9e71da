// The part of a model card that says how the model was trained.
import { stringify } from 'yaml'
import { metricName } from './card-front-matter.ts'
import { formatCount, table } from './card-measured.ts'
import type {
  BaseModel,
  CurvePoint,
  MachineRecord,
  ModelManifest,
  TrainingDataSet,
  TrainingRecord,
} from './manifest.ts'

export function renderTraining(manifest: ModelManifest): string {
  const { training, base } = manifest
  if (training === null) return '## Training\n\nHow the model was trained is not recorded.'
  const parts = [
    '## Training',
    base === null ? '' : describeBase(base),
    training.data.map((data) => `- ${describeData(data)}`).join('\n'),
    describeRun(training),
    training.curve === undefined ? '' : renderCurve(training.curve),
    renderRecipe(training.recipe),
  ]
  return parts.filter((part) => part !== '').join('\n\n')
}

function describeBase({ name, revision, sha256 }: BaseModel): string {
  if (revision === undefined && sha256 === undefined) return ''
  const at = revision === undefined ? '' : ` at revision \`${revision}\``
  const hash = sha256 === undefined ? '' : ` (SHA-256 of its weights \`${sha256}\`)`
  return `It starts from \`${name}\`${at}${hash}.`
}

function describeData({ name, config, revision, split, rows, sha256 }: TrainingDataSet): string {
  return [
    config === undefined ? name : `${name} (${config})`,
    split === undefined ? '' : `, ${split}`,
    rows === undefined ? '' : `, ${formatCount(rows)} rows`,
    revision === undefined ? '' : `, revision \`${revision}\``,
    sha256 === undefined ? '' : ` (SHA-256 \`${sha256}\`)`,
  ].join('')
}

function describeRun(training: TrainingRecord): string {
  const { trainer, commit, seconds, machine, notes } = training
  const facts = [
    trainer === undefined ? '' : `Trainer: ${trainer}.`,
    commit === undefined ? '' : `Code: commit \`${commit}\`.`,
    seconds === undefined ? '' : `Training took ${formatCount(Math.round(seconds))} seconds.`,
    machine === undefined ? '' : describeMachine(machine),
    notes ?? '',
  ]
  return facts.filter((fact) => fact !== '').join(' ')
}

function describeMachine({ cpu, threads, platform, node, onnxruntime }: MachineRecord): string {
  return `Machine: ${cpu}, ${threads} ${threads === 1 ? 'thread' : 'threads'}, ${platform}, Node ${node}, onnxruntime ${onnxruntime}.`
}

/** The evaluations during training, as the cards of transformers' Trainer have them. */
function renderCurve(curve: readonly CurvePoint[]): string {
  const names = [...new Set(curve.flatMap((point) => Object.keys(point.metrics)))]
  const rows = curve.map((point) => [
    formatEpoch(point.epoch),
    formatCount(point.step),
    formatLoss(point.loss),
    formatLoss(point.evalLoss),
    ...names.map((name) => formatLoss(point.metrics[name])),
  ])
  return `### Training curve\n\n${table(['epoch', 'step', 'training loss', 'validation loss', ...names.map(curveName)], rows)}`
}

/** `macro_recall` in the log is `macroRecall` among the metrics. */
function curveName(name: string): string {
  return metricName(name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()))
}

function formatEpoch(epoch: number): string {
  return String(Math.round(epoch * 100) / 100)
}

function formatLoss(value: number | undefined): string {
  return value === undefined ? '–' : value.toFixed(4)
}

function renderRecipe(recipe: Readonly<Record<string, unknown>>): string {
  if (Object.keys(recipe).length === 0) return ''
  return `### Hyperparameters\n\n\`\`\`yaml\n${stringify(recipe)}\`\`\``
}
