// A server in a process of its own whose recording of metrics can be switched while it runs. Started by bench/metrics.ts.
import { readConfig } from '@renown/server/read-config'
import { startServer } from '@renown/server/start-server'

/** What the parent asks for. */
export type MetricsRequest =
  | 'processor'
  | { readonly record: boolean }
  | { readonly fill: { models: number; routes: number } }
  | 'stop'

const [home = ''] = process.argv.slice(2)
const flags = { home, port: 0, metricsPort: 0, canarySeconds: 0, logLevel: 'warn' }
const server = await startServer(readConfig({ flags }).config)
const { httpMetrics, predictionMetrics, engineMetrics } = server.context
const silent = (): void => {}
const recording = [
  { target: httpMetrics, methods: { ...httpMetrics } },
  { target: predictionMetrics, methods: { ...predictionMetrics } },
  { target: engineMetrics.observer, methods: { ...engineMetrics.observer } },
]

function setRecording(isOn: boolean): void {
  for (const { target, methods } of recording) {
    for (const [name, method] of Object.entries(methods)) Object.assign(target, { [name]: isOn ? method : silent })
  }
}

const STATUSES = [200, 400, 401, 404, 422, 429, 500, 503]

/** As after weeks: so many routes with every usual status, so many models that answered. */
function fill(models: number, routes: number): void {
  for (let model = 0; model < models; model++) predictionMetrics.announceModel(`filled-${model}`)
  for (let route = 0; route < routes; route++) {
    for (const status of STATUSES) httpMetrics.request('GET', `/filled/${route}/:id`, status, 0.01 * (route + 1))
  }
}

process.on('message', (request: MetricsRequest) => {
  if (request === 'stop') {
    process.disconnect()
    void server.close()
    return
  }
  if (request === 'processor') {
    const { user, system } = process.cpuUsage()
    process.send?.(user + system)
    return
  }
  if ('record' in request) setRecording(request.record)
  else fill(request.fill.models, request.fill.routes)
  process.send?.('done')
})
process.send?.({ address: server.address, metricsAddress: server.metricsAddress })
