// Requests and predictions, by the names of the original system.
import { SENTIMENTS, type Sentiment } from '@renown/reputation'
import { Counter, Histogram, type Registry } from 'prom-client'

export const UNMATCHED = 'unmatched'
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
const LATENCY_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

/** What an answer of a route ends in besides success, as far as its schema names it: these exist from the start. */
const WATCHED: ReadonlySet<number> = new Set([400, 401, 422, 429, 500, 503, 504])
const DEADLINE_PASSED = 504
const DOCS = '/docs/'

/** A route as it is declared: its template, method, and the statuses that its schema names. */
export interface RouteShape {
  readonly method: string
  readonly url: string
  readonly statuses: readonly number[]
}

export interface HttpMetrics {
  /** `route`: the template, or null where nothing matched. */
  request(method: string, route: string | null, status: number, seconds: number): void
  /** Series of the route at zero, so that rates and ratios exist from the start. */
  announce(route: RouteShape): void
  predicted(label: Sentiment, model: string, count?: number): void
  announceModel(model: string): void
}

export function createHttpMetrics(registry: Registry): HttpMetrics {
  const registers = [registry]
  const requests = new Counter({
    name: 'http_requests_total',
    help: 'Requests answered, by method, route and exact status; 499: the client went away.',
    labelNames: ['method', 'handler', 'status'],
    registers,
  })
  const latency = new Histogram({
    name: 'http_requests_latency_seconds',
    help: 'Time from the head of a request to the end of its answer.',
    labelNames: ['method', 'handler'],
    buckets: LATENCY_BUCKETS,
    registers,
  })
  const predictions = new Counter({
    name: 'sentiment_analysis_predictions_total',
    help: 'Texts classified, by label and version of the model.',
    labelNames: ['label', 'model'],
    registers,
  })
  return {
    request(method, route, status, seconds) {
      const labels = { method: METHODS.has(method) ? method : 'OTHER', handler: handlerOf(route) }
      latency.observe(labels, seconds)
      requests.inc({ ...labels, status: String(status) })
    },
    announce({ method, url, statuses }) {
      // A twin of GET, which hardly anybody asks for.
      if (method === 'HEAD') return
      const labels = { method, handler: handlerOf(url) }
      const watched = statuses.filter((status) => status < 400 || WATCHED.has(status))
      for (const status of watched) requests.inc({ ...labels, status: String(status) }, 0)
      // Seventeen series each: only where an answer has a deadline.
      if (statuses.includes(DEADLINE_PASSED)) latency.zero(labels)
    },
    predicted(label, model, count = 1) {
      predictions.inc({ label, model }, count)
    },
    announceModel(model) {
      for (const label of SENTIMENTS) predictions.inc({ label, model }, 0)
    },
  }
}

/** The files of the documentation are one handler. */
function handlerOf(route: string | null): string {
  if (route === null) return UNMATCHED
  return route.startsWith(DOCS) ? `${DOCS}*` : route
}
