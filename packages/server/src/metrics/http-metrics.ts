// Requests, by the names of the original system.
import { Gauge, type Registry } from 'prom-client'
import { type CounterSeries, type HistogramSeries, SeriesCounter, SeriesHistogram } from './series.ts'

export const UNMATCHED = 'unmatched'
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
const OTHER = 'OTHER'
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
  /** A request came, and will end. */
  began(): void
  ended(): void
  /** `route`: the template, or null where nothing matched. `traceId`: where the request is traced. */
  request(method: string, route: string | null, status: number, seconds: number, traceId?: string): void
  /** Series of the route at zero, so that rates and ratios exist from the start. */
  announce(route: RouteShape): void
}

/** The series of one route and method. */
interface RouteSeries {
  readonly labels: { readonly method: string; readonly handler: string }
  latency: HistogramSeries | null
  readonly byStatus: Map<number, CounterSeries>
}

export function createHttpMetrics(registry: Registry): HttpMetrics {
  const registers = [registry]
  const requests = new SeriesCounter({
    name: 'http_requests_total',
    help: 'Requests answered, by method, route and exact status; 499: the client went away.',
    labelNames: ['method', 'handler', 'status'],
    registers,
  })
  const latency = new SeriesHistogram({
    name: 'http_requests_latency_seconds',
    help: 'Time from the head of a request to the end of its answer.',
    labelNames: ['method', 'handler'],
    buckets: LATENCY_BUCKETS,
    registers,
  })
  const flight = createFlightGauge(registry)
  const find = createSeriesIndex()

  function countOf({ byStatus, labels }: RouteSeries, status: number): CounterSeries {
    let count = byStatus.get(status)
    if (count === undefined) {
      count = requests.at({ ...labels, status: String(status) })
      byStatus.set(status, count)
    }
    return count
  }

  return {
    ...flight,
    request(method, route, status, seconds, traceId) {
      const series = find(method, route)
      series.latency ??= latency.at(series.labels)
      series.latency.observe(seconds, traceId)
      countOf(series, status).add()
    },
    announce({ method, url, statuses }) {
      // A twin of GET, which hardly anybody asks for.
      if (method === 'HEAD') return
      const series = find(method, url)
      for (const status of statuses) if (status < 400 || WATCHED.has(status)) countOf(series, status)
      // Seventeen series each: only where an answer has a deadline.
      if (statuses.includes(DEADLINE_PASSED)) series.latency = latency.at(series.labels)
    },
  }
}

function createFlightGauge(registry: Registry): Pick<HttpMetrics, 'began' | 'ended'> {
  let underWay = 0
  new Gauge({
    name: 'renown_http_requests_in_flight',
    help: 'Requests that came and are not answered yet.',
    registers: [registry],
    collect() {
      this.set(underWay)
    },
  })
  return {
    began: () => {
      underWay++
    },
    ended: () => {
      underWay--
    },
  }
}

/** Templates are few; what anybody may make up shares one entry. */
function createSeriesIndex(): (method: string, route: string | null) => RouteSeries {
  const byMethod = new Map([...METHODS, OTHER].map((method) => [method, new Map<string | null, RouteSeries>()]))
  return (given, route) => {
    const method = METHODS.has(given) ? given : OTHER
    const byRoute = byMethod.get(method)!
    let series = byRoute.get(route)
    if (series === undefined) {
      series = { labels: { method, handler: handlerOf(route) }, latency: null, byStatus: new Map() }
      byRoute.set(route, series)
    }
    return series
  }
}

/** The files of the documentation are one handler. */
function handlerOf(route: string | null): string {
  if (route === null) return UNMATCHED
  return route.startsWith(DOCS) ? `${DOCS}*` : route
}
