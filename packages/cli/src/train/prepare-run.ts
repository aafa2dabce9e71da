// Everything that a training is made of, before the first step: base, labels, examples.
import { availableParallelism } from 'node:os'
import { readClassifierConfig, type TrainingExample } from '@renown/ml'
import { resolveModel } from '@renown/models'
import { composeExamples } from './compose-examples.ts'
import { type EncodedRows, encodeRows } from './encode-rows.ts'
import type { LabelledRow, LoadedSplit } from './load-data.ts'
import { openBase, type TrainingBase } from './open-base.ts'
import type { SourceContext } from './open-sources.ts'
import type { TrainPlan } from './plan-train.ts'
import { type PreparedData, prepareData } from './prepare-data.ts'
import { teach } from './teach.ts'

export interface PreparedRun {
  readonly base: TrainingBase
  readonly data: PreparedData
  readonly labels: readonly string[]
  readonly examples: readonly TrainingExample[]
  readonly evaluation: readonly TrainingExample[]
  readonly truncated: { readonly texts: number; readonly share: number }
  readonly threads: number
}

export interface PrepareOptions extends SourceContext {
  readonly home: string
  /** Where what takes long is kept; null: nowhere. */
  readonly work: string | null
  readonly threads: number | null
  readonly say: (line: string) => void
}

export async function prepareRun({ request, settings }: TrainPlan, options: PrepareOptions): Promise<PreparedRun> {
  const base = await openBase(request, settings.maxLength, options.home)
  const threads = request.threads ?? options.threads ?? availableParallelism()
  const data = await prepareData(request.data, base, settings.dataSeed ?? settings.seed, options)
  const { config } = await readClassifierConfig(base.folder.path, data.labels)
  const encoding = {
    preparation: base.preparation,
    maxLength: base.maxLength,
    vocabSize: config.vocabSize,
    signal: options.signal,
  }
  const encode = (rows: readonly LabelledRow[]): Promise<EncodedRows> => encodeRows(rows, base.encoder, encoding)
  const train: EncodedRows[] = []
  for (const { rows } of data.train) train.push(await encode(rows))
  const evaluation = await encode(data.validation.rows)
  const taught = request.teacher === null ? train : await addTeacher(request.teacher, data, train, threads, options)
  const examples = composeExamples(
    taught.map((encoded, index) => ({ examples: encoded.examples, weight: data.train[index]?.weight ?? 1 })),
  )
  return {
    base,
    data,
    labels: data.labels,
    examples,
    evaluation: evaluation.examples,
    truncated: countTruncated([...train, evaluation]),
    threads,
  }
}

function countTruncated(encoded: readonly EncodedRows[]): PreparedRun['truncated'] {
  const texts = encoded.reduce((sum, { truncated }) => sum + truncated, 0)
  const all = encoded.reduce((sum, { examples }) => sum + examples.length, 0)
  return { texts, share: all === 0 ? 0 : texts / all }
}

async function addTeacher(
  reference: string,
  data: PreparedData,
  encoded: readonly EncodedRows[],
  threads: number,
  { home, work, signal, say }: PrepareOptions,
): Promise<readonly EncodedRows[]> {
  const teacher = await resolveModel(reference, { home })
  say(`Teacher ${teacher.manifest.name} scores the training posts`)
  const texts = data.train.flatMap(({ rows }: LoadedSplit) => rows.map(({ text }) => text))
  const soft = await teach(teacher, texts, data.labels, { threads, signal, folder: work, onProgress: () => {} })
  let start = 0
  return encoded.map((each) => {
    const from = start
    start += each.examples.length
    return {
      ...each,
      examples: each.examples.map((example, index) => ({ ...example, soft: soft[from + index] ?? [] })),
    }
  })
}
