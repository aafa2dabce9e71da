// GET /metrics: for Prometheus.
import type { App } from '../app.ts'
import type { Context } from '../context.ts'
import { file, needs, problems } from '../http/routes.ts'

export function registerMetrics(app: App, context: Context): void {
  const schema = {
    operationId: 'getMetrics',
    summary: 'Metrics for Prometheus',
    tags: ['Operations'],
    'x-responses': {
      200: file('Metrics in the text format of Prometheus, or OpenMetrics.', 'text/plain'),
      ...problems(),
    },
  }
  app.get('/metrics', { schema, config: needs('read') }, async (request, reply) => {
    const { contentType, text } = await context.scrape(request.headers.accept)
    return await reply.type(contentType).send(text)
  })
}
