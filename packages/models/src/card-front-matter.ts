// The YAML at the top of a model card, as the Hugging Face Hub reads it.
import { stringify } from 'yaml'
import { isOnnx, SAFETENSORS_FILE } from './loader-files.ts'
import type { BaseModel, ManifestEvaluation, ModelManifest } from './manifest.ts'

/** The Hub's name of each metric, and the arguments that make it ours. */
const HUB_METRICS: Readonly<Record<string, { type: string; name: string; args?: Record<string, unknown> }>> = {
  macroRecall: { type: 'recall', name: 'Macro recall', args: { average: 'macro' } },
  macroF1: { type: 'f1', name: 'Macro F1', args: { average: 'macro' } },
  accuracy: { type: 'accuracy', name: 'Accuracy' },
  eceBefore: {
    type: 'expected_calibration_error',
    name: 'Expected calibration error at temperature 1',
    args: { temperature: 1 },
  },
  ece: { type: 'expected_calibration_error', name: 'Expected calibration error' },
}

export function renderFrontMatter(manifest: ModelManifest): string {
  const fields = {
    license: manifest.license,
    ...(manifest.base === null || !isOnHub(manifest.base) ? {} : { base_model: manifest.base.name }),
    ...datasets(manifest),
    pipeline_tag: 'text-classification',
    library_name: libraryName(manifest),
    tags: tags(manifest),
    ...(manifest.evaluations.length === 0 ? {} : { 'model-index': modelIndex(manifest) }),
  }
  return `---\n${stringify(fields, { lineWidth: 0, aliasDuplicateObjects: false })}---\n`
}

/** The Hub refuses a card that names something else than a repository. A local folder's name is none. */
function isOnHub({ name, revision }: BaseModel): boolean {
  return revision !== undefined || /^[\w.-]+\/[\w.-]+$/.test(name)
}

/** Data sets with a revision came from the Hub. */
function datasets({ training }: ModelManifest): { datasets?: readonly string[] } {
  const names = training?.data.flatMap(({ name, revision }) => (revision === undefined ? [] : [name])) ?? []
  return names.length === 0 ? {} : { datasets: [...new Set(names)] }
}

/** One result for each served file on each data set. */
export function modelIndex(manifest: ModelManifest): unknown[] {
  return [{ name: manifest.name, results: manifest.evaluations.map(toResult) }]
}

export function metricName(key: string): string {
  return HUB_METRICS[key]?.name ?? key
}

function toResult(evaluation: ManifestEvaluation): unknown {
  const served = evaluation.encoding === undefined ? evaluation.file : `${evaluation.file}, ${evaluation.encoding}`
  return {
    task: { type: 'text-classification', name: 'Sentiment analysis' },
    dataset: {
      ...hubDataSet(evaluation.dataSet),
      split: evaluation.split,
      ...(evaluation.revision === undefined ? {} : { revision: evaluation.revision }),
    },
    metrics: Object.entries(evaluation.metrics).map(([key, metric]) => {
      const known = HUB_METRICS[key]
      return {
        type: known?.type ?? key,
        value: metric.value,
        name: `${metricName(key)} (${served})`,
        ...(known?.args === undefined ? {} : { args: known.args }),
      }
    }),
  }
}

/** `tweet_eval (sentiment)` is a data set and its configuration. The Hub wants an id: letters, digits, `.`, `_`, `-`, `/`. */
function hubDataSet(name: string): { type: string; name: string; config?: string } {
  const [, base, config] = /^(.*?)\s*\(([^()]+)\)$/.exec(name.trim()) ?? [undefined, name.trim(), undefined]
  const type = (base ?? name).toLowerCase().replace(/[^a-z0-9._/-]+/g, '-')
  return { type, name, ...(config === undefined ? {} : { config }) }
}

function libraryName(manifest: ModelManifest): string {
  return Object.hasOwn(manifest.files, SAFETENSORS_FILE) ? 'transformers' : 'transformers.js'
}

function tags(manifest: ModelManifest): string[] {
  const names = ['sentiment-analysis', 'renown']
  return Object.keys(manifest.files).some(isOnnx) ? [...names, 'onnx'] : names
}
