// GET /metrics: for Prometheus.
import type { App } from '../app.ts'
import type { Context } from '../context.ts'
import { file, needs, problems } from '../http/routes.ts'

export function registerMetrics(app: App, context: Context): void {
  const { serving, engineMetrics, processMetrics, registry } = context
  const schema = {
    operationId: 'getMetrics',
    summary: 'Metrics for Prometheus',
    tags: ['Operations'],
    'x-responses': { 200: file('Metrics in the text format of Prometheus.', 'text/plain'), ...problems() },
  }
  app.get('/metrics', { schema, config: needs('read') }, async (_request, reply) => {
    engineMetrics.refresh(serving.engine)
    processMetrics.refresh()
    const text = await registry.metrics()
    return await reply.type(registry.contentType).send(text)
  })
}
