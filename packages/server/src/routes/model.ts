// GET /api/v1/model: what serves now, and how well it does.
import { type Model, ModelSchema } from '@renown/contract'
import type { App } from '../app.ts'
import type { Context } from '../context.ts'
import { answer, needs, problems } from '../http/routes.ts'
import { showEvaluation } from './show-evaluation.ts'

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
    evaluations: evaluations.map(showEvaluation),
    card: folder.card,
  }
}
