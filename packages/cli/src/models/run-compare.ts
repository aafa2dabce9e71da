// `renown models compare`.
import {
  type EvaluationPair,
  type ManifestEvaluation,
  type MetricValue,
  type ModelFolder,
  pairEvaluations,
} from '@renown/models'
import { EXIT_OK } from '../exit-codes.ts'
import { formatShare } from '../format/numbers.ts'
import { formatTable } from '../format/table.ts'
import { type Io, note, printJson, writeAll } from '../io.ts'
import { openNamedModel } from '../open-named-model.ts'
import { readModelSettings } from '../settings.ts'
import type { RegistryFlags } from './open-registry.ts'

/** What is recorded, side by side. Whether a difference is more than chance is for `renown gate` to say. */
export async function compareModels(io: Io, one: string, other: string, flags: RegistryFlags): Promise<number> {
  const { home } = await readModelSettings(io, flags)
  const first = await openNamedModel(io, { model: one, home })
  const second = await openNamedModel(io, { model: other, home })
  const pairs = pairEvaluations(first.manifest.evaluations, second.manifest.evaluations)
  if (flags.json === true) {
    return await printJson(io, { one: describe(one, first), other: describe(other, second), evaluations: pairs })
  }
  const head = [`${one}: ${title(first)}`, `${other}: ${title(second)}`].join('\n')
  const body =
    pairs.length === 0 ? 'No evaluation is recorded in either.' : pairs.map(showPair(one, other)).join('\n\n')
  await writeAll(io.stdout, `${head}\n\n${body}\n`)
  if (first.hash === second.hash) note(io, 'They are the same model: all files have the same hash')
  return EXIT_OK
}

function describe(reference: string, { path, hash, manifest }: ModelFolder): Readonly<Record<string, unknown>> {
  return { reference, path, hash, name: manifest.name, version: manifest.version }
}

function title({ manifest, hash }: ModelFolder): string {
  return `${manifest.name} ${manifest.version}, ${hash.slice(0, 12)}`
}

function showPair(one: string, other: string): (pair: EvaluationPair) => string {
  return (pair) => {
    const rows = metricNames(pair).map((name) => {
      const [before, after] = [metricOf(pair.one, name), metricOf(pair.other, name)]
      return [name, showMetric(before), showMetric(after), showDifference(before, after)]
    })
    const held = pair.encoding === null ? '' : ` as ${pair.encoding}`
    const caution = pair.sameData === false ? '; not the same posts' : ''
    return `${pair.file}${held} on ${pair.dataSet}, ${pair.split}${caution}\n${formatTable(['metric', one, other, 'points'], rows)}`
  }
}

function showMetric(metric: MetricValue | null): string {
  if (metric === null) return ''
  const { value, low, high } = metric
  if (low === undefined || high === undefined) return formatShare(value)
  return `${formatShare(value)} (${formatShare(low)} – ${formatShare(high)})`
}

function showDifference(before: MetricValue | null, after: MetricValue | null): string {
  if (before === null || after === null) return ''
  const points = (100 * (after.value - before.value)).toFixed(1)
  return points.startsWith('-') || points === '0.0' ? points.replace('-0.0', '0.0') : `+${points}`
}

/** Names of the metrics of a pair, those of the first model first. */
function metricNames({ one, other }: EvaluationPair): readonly string[] {
  return [...new Set([...Object.keys(one?.metrics ?? {}), ...Object.keys(other?.metrics ?? {})])]
}

function metricOf(evaluation: ManifestEvaluation | null, name: string): MetricValue | null {
  return evaluation?.metrics[name] ?? null
}
