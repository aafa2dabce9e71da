// GET /api/v1/model: what serves now, and how well it does.
import { type Model, type ModelEvaluation, ModelSchema } from '@renown/contract'
import type { ManifestEvaluation } from '@renown/models'
import type { App } from '../app.ts'
import type { Context } from '../context.ts'
import { answer, needs, problems } from '../http/routes.ts'

export function registerModel(app: App, context: Context): void {
  const schema = {
    operationId: 'getModel',
    summary: 'The model that serves now',
    tags: ['Model'],
    'x-responses': { 200: answer(ModelSchema, 'The model that serves now.'), ...problems() },
  }
  app.get('/api/v1/model', { schema, config: needs('read') }, async (): Promise<Model> => describeModel(context))
}

function describeModel({ config, serving: { engine, folder } }: Context): Model {
  const served = engine.model()
  const { base, license, evaluations } = folder.manifest
  return {
    name: served.name,
    version: served.version,
    hash: served.hash,
    reference: config.model,
    base: base?.name ?? null,
    license,
    labels: [...served.labels],
    file: served.file,
    encoding: served.encoding,
    window: served.window,
    temperature: served.temperature,
    loaded_at: served.loadedAt.toISOString(),
    evaluations: evaluations.map(toEvaluation),
    card: folder.card,
  }
}

function toEvaluation(evaluation: ManifestEvaluation): ModelEvaluation {
  const { file, encoding, dataSet, split, rows, sha256, fileSha256, date, metrics, perClass, confusion } = evaluation
  return {
    file,
    ...(encoding === undefined ? {} : { encoding }),
    data_set: dataSet,
    split,
    rows,
    sha256,
    ...(fileSha256 === undefined ? {} : { file_sha256: fileSha256 }),
    ...(date === undefined ? {} : { date }),
    metrics: { ...metrics },
    ...(perClass === undefined ? {} : { per_class: [...perClass] }),
    ...(confusion === undefined ? {} : { confusion: confusion.map((row) => [...row]) }),
  }
}
