// What a training is going to do, told before it starts.
import type { TrainableModel } from '@renown/ml'
import { formatCount } from '../format/numbers.ts'
import type { LoadedSplit, LoadedTrainSplit } from './load-data.ts'
import type { TrainPlan } from './plan-train.ts'
import type { PreparedRun } from './prepare-run.ts'

/** A few lines: base, labels, posts, what was cut. */
export function describeRun(run: PreparedRun, { request }: TrainPlan, model: TrainableModel): string {
  const { data, base, labels } = run
  const { manifest } = base.folder
  return [
    `Base        ${manifest.name} ${manifest.version} (${request.base})`,
    `Labels      ${labels.join(', ')} (${LABELS_FROM[data.labelsFrom]})`,
    describeHead(run, model),
    ...data.train.map((split) => `Training    ${describeSource(split)}`),
    ...data.unlabelled.map((split) => `Unlabelled  ${describeSource(split)}`),
    `Validation  ${describePosts(data.validation)}`,
    ...(data.test === null ? [] : [`Test        ${describePosts(data.test)}`]),
    ...(data.held === null ? [] : [`Held out    ${formatCount(data.held.rows.length)} posts, for the gate`]),
    ...(data.gateFile === null ? [] : [`Judged on   ${describePosts(data.gateFile)}`]),
  ].join('\n')
}

const LABELS_FROM = {
  asked: 'as given',
  base: "the base's",
  'data set': "the data set's",
  data: 'as found in the data',
} as const

function describeHead({ base, labels }: PreparedRun, { newParameters }: TrainableModel): string {
  if (newParameters.length === 0) return "Head        the base's"
  const had = base.labels === null ? 'the base has none' : `the base's is for ${base.labels.length} labels`
  return `Head        new, for ${labels.length} labels: ${had}`
}

function describeSource(split: LoadedTrainSplit): string {
  return `${describePosts(split)}${split.weight === 1 ? '' : `, weight ${split.weight}`}`
}

function describePosts({ rows, name, splitName }: LoadedSplit): string {
  return `${formatCount(rows.length)} posts of ${name}${splitName === 'all' ? '' : `, ${splitName}`}`
}
