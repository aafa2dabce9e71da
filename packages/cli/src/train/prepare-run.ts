// Everything that a training is made of, before the first step: base, labels, examples.
import type { TrainingExample } from '@renown/ml'
import type { ModelFolder } from '@renown/models'
import { openNamedModel } from '../open-named-model.ts'
import { composeExamples } from './compose-examples.ts'
import { encodeRows } from './encode-rows.ts'
import type { LabelledRow } from './load-data.ts'
import { type OpenModelContext, openBase, type TrainingBase } from './open-base.ts'
import type { TrainPlan } from './plan-train.ts'
import { type DataOptions, type PreparedData, prepareData } from './prepare-data.ts'
import { teach } from './teach.ts'

export interface PreparedRun {
  readonly base: TrainingBase
  readonly data: PreparedData
  readonly labels: readonly string[]
  /** What an epoch has. */
  readonly examples: readonly TrainingExample[]
  readonly evaluation: readonly TrainingExample[]
  readonly threads: number
}

export interface PrepareOptions extends DataOptions, OpenModelContext {
  /** Where what takes long is kept; null: nowhere. */
  readonly work: string | null
  readonly threads: number
}

type Examples = readonly TrainingExample[]

/** Throws what opening the base, reading the data and tokenising throw. */
export async function prepareRun({ request, settings }: TrainPlan, options: PrepareOptions): Promise<PreparedRun> {
  const base = await openBase(request, settings.maxLength, options)
  const teachers = await openTeachers(request.teachers, options)
  const data = await prepareData(request.data, base, options)
  const { preparation, maxLength } = base
  const encoding = { preparation, maxLength, signal: options.signal }
  const encode = (rows: readonly LabelledRow[]): Promise<Examples> => encodeRows(rows, base.encoder, encoding)
  const sources = [...data.train, ...data.unlabelled]
  const train: Examples[] = []
  for (const { rows } of sources) train.push(await encode(rows))
  const evaluation = await encode(data.validation.rows)
  const taught = teachers.length === 0 ? train : await addTeachers(teachers, data, train, options)
  const examples = composeExamples(
    taught.map((each, index) => ({ examples: each, weight: sources[index]?.weight ?? 1 })),
  )
  return { base, data, labels: data.labels, examples, evaluation, threads: options.threads }
}

/** Before the data is read: a teacher that isn't there is told at once. */
async function openTeachers(
  references: readonly string[],
  { io, home, signal }: PrepareOptions,
): Promise<readonly ModelFolder[]> {
  const teachers: ModelFolder[] = []
  for (const model of references) teachers.push(await openNamedModel(io, { model, home, signal }))
  return teachers
}

/** Puts the mean of the teachers' probabilities beside the labels. */
async function addTeachers(
  teachers: readonly ModelFolder[],
  data: PreparedData,
  encoded: readonly Examples[],
  options: PrepareOptions,
): Promise<readonly Examples[]> {
  const texts = [...data.train, ...data.unlabelled].flatMap(({ rows }) => rows.map(({ text }) => text))
  const answers: (readonly (readonly number[])[])[] = []
  for (const teacher of teachers) answers.push(await teach(teacher, texts, data.labels, options))
  const soft = texts.map((_, row) =>
    data.labels.map((__, label) => answers.reduce((sum, each) => sum + each[row]![label]!, 0) / answers.length),
  )
  let start = 0
  return encoded.map((examples) => {
    const from = start
    start += examples.length
    return examples.map((example, index) => ({ ...example, soft: soft[from + index] ?? [] }))
  })
}
