// Dashboard Service: how much is asked, what fails, how long it takes, how full it is.
import { type DashboardOptions, INSTANCE } from './dashboard.ts'
import { type PanelOptions, runbook } from './panel.ts'

const ASKED = 'job="renown", instance=~"$instance", handler=~"$handler", handler!~"/health/.*|/metrics"'
const HERE = 'job="renown", instance=~"$instance"'
const NO_REQUESTS = 'No requests in this time.'
const QUIET_RED = [
  [null, 'green'],
  [0.001, 'orange'],
  [0.0144, 'red'],
] as const

const BURNING_RED = [
  [null, 'green'],
  [1, 'orange'],
  [14.4, 'red'],
] as const

/** The share that failed over the share that may, over each window that the alerts look at. */
function burning(what: string, allowed: number): Omit<PanelOptions, 'title' | 'description'> {
  const windows = { '5m': '5 minutes', '1h': '1 hour', '6h': '6 hours', '3d': '3 days' }
  const queries = Object.entries(windows).map(([window, legend]) => {
    return { expr: `job:${what}:ratio_rate${window}{job="renown"} / ${allowed}`, legend }
  })
  return { kind: 'timeseries', queries, unit: 'none', width: 12, min: 0, thresholds: BURNING_RED }
}

function latency(quantile: number): string {
  return `histogram_quantile(${quantile}, sum by (le) (rate(http_requests_latency_seconds_bucket{${ASKED}}[$__rate_interval]))) >= 0`
}

/** Of routes that were asked: of the others there is no quantile. */
function latencyByRoute(quantile: number): string {
  return `histogram_quantile(${quantile}, sum by (le, handler) (rate(http_requests_latency_seconds_bucket{${ASKED}}[$__rate_interval]))) >= 0`
}

function byRoute(quantile: number, name: string): PanelOptions {
  return {
    title: `${name} by route`,
    description: `Time that ${quantile * 100} % of the answers of a route took at most.`,
    kind: 'timeseries',
    queries: [{ expr: latencyByRoute(quantile), legend: '{{handler}}' }],
    unit: 's',
    width: 8,
    min: 0,
    empty: NO_REQUESTS,
  }
}

function stage(name: string): string {
  return `histogram_quantile(0.95, sum by (le) (rate(renown_inference_stage_seconds_bucket{${HERE}, stage="${name}"}[$__rate_interval]))) >= 0`
}

function mean(metric: string): string {
  return `sum(rate(${metric}_sum{${HERE}}[$__rate_interval])) / (sum(rate(${metric}_count{${HERE}}[$__rate_interval])) > 0)`
}

export const SERVICE: DashboardOptions = {
  uid: 'renown-service',
  title: 'Service',
  description: 'Requests, failures, latency, the queue in front of the model, and the process.',
  from: 'now-3h',
  variables: [
    INSTANCE,
    {
      name: 'handler',
      label: 'Route',
      description: 'Which routes are shown.',
      query: 'label_values(http_requests_total{job="renown"}, handler)',
      many: true,
    },
  ],
  rows: [
    {
      title: 'Now',
      panels: [
        {
          title: 'Replicas that answer',
          description: 'Replicas with a model that is loaded and works.',
          kind: 'stat',
          queries: [{ expr: `sum(renown_inference_ready{${HERE}}) or vector(0)` }],
          unit: 'none',
          width: 3,
          height: 5,
          thresholds: [
            [null, 'red'],
            [1, 'green'],
          ],
          links: [runbook('RenownDown'), runbook('ReplicaDown'), runbook('ModelNotReady'), runbook('RenownMissing')],
        },
        {
          title: 'Requests',
          description: 'Requests a second, without health checks and scrapes.',
          kind: 'stat',
          queries: [{ expr: `sum(rate(http_requests_total{${ASKED}}[$__rate_interval]))` }],
          unit: 'reqps',
          width: 3,
          height: 5,
        },
        {
          title: 'Failed by our fault',
          description:
            'Share of 5xx in the last hour. The objective over 30 days is 0.1 %; at 1.44 % somebody is paged.',
          kind: 'stat',
          queries: [{ expr: 'job:renown_failures:ratio_rate1h{job="renown"}' }],
          unit: 'percentunit',
          empty: NO_REQUESTS,
          width: 3,
          height: 5,
          thresholds: QUIET_RED,
          links: [runbook('AvailabilityBurnsFast')],
        },
        {
          title: 'Predictions over 250 ms',
          description: 'Share in the last hour. The objective over 30 days is 1 %; at 14.4 % somebody is paged.',
          kind: 'stat',
          queries: [{ expr: 'job:renown_slow_predictions:ratio_rate1h{job="renown"}' }],
          unit: 'percentunit',
          empty: NO_REQUESTS,
          width: 3,
          height: 5,
          thresholds: [
            [null, 'green'],
            [0.01, 'orange'],
            [0.144, 'red'],
          ],
          links: [runbook('LatencyBurnsFast')],
        },
        {
          title: 'Refused with 429',
          description:
            'Share of requests of the last five minutes that were told to come back later. Right for a full server, and bad for who asks.',
          kind: 'stat',
          queries: [{ expr: 'job:renown_refusals:ratio_rate5m{job="renown"}' }],
          unit: 'percentunit',
          empty: NO_REQUESTS,
          width: 3,
          height: 5,
          thresholds: [
            [null, 'green'],
            [0.05, 'orange'],
          ],
          links: [runbook('RequestsRefused')],
        },
        {
          title: 'Alerts that fire',
          description: 'Alerts of every severity but the watchdog; each name leads to its runbook.',
          kind: 'table',
          queries: [
            { expr: 'max by (alertname, severity, instance) (ALERTS{alertstate="firing", alertname!="Watchdog"})' },
          ],
          unit: 'none',
          width: 9,
          height: 5,
          columns: {
            alertname: {
              title: 'Alert',
              link: { title: 'Runbook', url: `/public/runbooks/\${__value.raw}.md` },
            },
            severity: { title: 'Severity' },
            instance: { title: 'Replica' },
          },
          empty: 'No alert fires.',
        },
      ],
    },
    {
      title: 'Objectives',
      panels: [
        {
          ...burning('renown_failures', 0.001),
          title: 'Availability: how fast the budget burns',
          description:
            '1 spends the budget of 30 days in 30 days. Somebody is paged at 14.4 for an hour and at 6 for six hours.',
          links: [runbook('AvailabilityBurnsFast'), runbook('AvailabilityBurnsSlowly')],
        },
        {
          ...burning('renown_slow_predictions', 0.01),
          title: 'Latency: how fast the budget burns',
          description: 'The same for predictions over 250 ms, of which 1 in 100 is allowed.',
          links: [runbook('LatencyBurnsFast'), runbook('LatencyBurnsSlowly')],
        },
      ],
    },
    {
      title: 'Requests',
      panels: [
        {
          title: 'Requests by route',
          description: 'Requests a second, by the template of the route.',
          kind: 'timeseries',
          queries: [
            { expr: `sum by (handler) (rate(http_requests_total{${ASKED}}[$__rate_interval]))`, legend: '{{handler}}' },
          ],
          unit: 'reqps',
          width: 8,
          min: 0,
        },
        {
          title: 'Answers by status',
          description: 'Answers a second, by exact status. 499: the client went away.',
          kind: 'timeseries',
          queries: [
            {
              expr: `sum by (status) (rate(http_requests_total{${ASKED}}[$__rate_interval])) > 0`,
              legend: '{{status}}',
            },
          ],
          unit: 'reqps',
          width: 8,
          min: 0,
          stack: 'normal',
        },
        {
          title: 'Failures by route',
          description: 'Share of 5xx of each route.',
          kind: 'timeseries',
          queries: [
            {
              expr: `sum by (handler) (rate(http_requests_total{${ASKED}, status=~"5.."}[$__rate_interval])) / (sum by (handler) (rate(http_requests_total{${ASKED}}[$__rate_interval])) > 0)`,
              legend: '{{handler}}',
            },
          ],
          unit: 'percentunit',
          width: 8,
          min: 0,
          thresholds: QUIET_RED,
          links: [runbook('AvailabilityBurnsFast'), runbook('AvailabilityBurnsSlowly')],
        },
        {
          title: 'Latency',
          description: 'Time from the head of a request to the end of its answer: median, 95th and 99th percentile.',
          kind: 'timeseries',
          queries: [
            { expr: latency(0.5), legend: 'p50' },
            { expr: latency(0.95), legend: 'p95' },
            { expr: latency(0.99), legend: 'p99', exemplars: true },
          ],
          unit: 's',
          empty: NO_REQUESTS,
          width: 12,
          min: 0,
          links: [runbook('LatencyBurnsFast'), runbook('LatencyBurnsSlowly')],
        },
        {
          title: 'Latency of predictions',
          description: 'How many predictions took how long. The objective is 250 ms for 99 of 100.',
          kind: 'heatmap',
          queries: [
            {
              expr: `sum by (le) (increase(http_requests_latency_seconds_bucket{${HERE}, handler="/predict"}[$__rate_interval]))`,
              legend: '{{le}}',
            },
          ],
          unit: 's',
          width: 12,
          links: [runbook('LatencyBurnsFast')],
        },
        byRoute(0.5, 'Median'),
        byRoute(0.95, '95th percentile'),
        byRoute(0.99, '99th percentile'),
      ],
    },
    {
      title: 'Inference',
      panels: [
        {
          title: 'Stages',
          description:
            '95th percentile of each stage: tokenising one text, the longest wait in a batch, the run of a batch.',
          kind: 'timeseries',
          queries: [
            { expr: stage('tokenize'), legend: 'tokenise' },
            { expr: stage('queue'), legend: 'queue' },
            { expr: stage('run'), legend: 'run' },
          ],
          unit: 's',
          width: 8,
          min: 0,
          links: [runbook('QueueWaitsLong')],
        },
        {
          title: 'How full the queue is',
          description:
            'The most tokens that waited or ran at once between scrapes, as a share of the bound beyond which requests are refused.',
          kind: 'timeseries',
          queries: [
            {
              expr: `max by (instance) (renown_inference_peak_tokens{${HERE}} / renown_inference_bound_tokens{${HERE}})`,
              legend: '{{instance}}',
            },
          ],
          unit: 'percentunit',
          width: 8,
          min: 0,
          thresholds: [
            [null, 'green'],
            [0.8, 'orange'],
            [1, 'red'],
          ],
          links: [runbook('QueueWaitsLong'), runbook('RequestsRefused')],
        },
        {
          title: 'Not answered, by reason',
          description: 'Calls and texts a second that the engine did not answer.',
          kind: 'timeseries',
          queries: [
            {
              expr: `sum by (reason) (rate(renown_inference_rejected_total{${HERE}}[$__rate_interval]))`,
              legend: '{{reason}}',
            },
          ],
          unit: 'ops',
          width: 8,
          min: 0,
        },
        {
          title: 'What is in a batch',
          description: 'Texts and tokens in the mean batch.',
          kind: 'timeseries',
          queries: ['texts', 'tokens'].map((of) => ({ expr: mean(`renown_inference_batch_${of}`), legend: of })),
          unit: 'short',
          width: 8,
          min: 0,
        },
        {
          title: 'Padding',
          description: 'Share of padding among the tokens that ran: work for nothing.',
          kind: 'timeseries',
          queries: [{ expr: mean('renown_inference_batch_padding_ratio'), legend: 'padding' }],
          unit: 'percentunit',
          width: 8,
          min: 0,
          thresholds: [
            [null, 'green'],
            [0.3, 'orange'],
          ],
        },
        {
          title: 'Answers that were remembered',
          description: 'Share of texts whose answer came from the cache.',
          kind: 'timeseries',
          queries: [
            {
              expr: `sum(rate(renown_inference_cache_lookups_total{${HERE}, result="hit"}[$__rate_interval])) / (sum(rate(renown_inference_cache_lookups_total{${HERE}}[$__rate_interval])) > 0)`,
              legend: 'from the cache',
            },
          ],
          unit: 'percentunit',
          width: 8,
          min: 0,
          max: 1,
        },
      ],
    },
    {
      title: 'Process',
      panels: [
        {
          title: 'Processor',
          description: 'Cores in use.',
          kind: 'timeseries',
          queries: [{ expr: `rate(process_cpu_seconds_total{${HERE}}[$__rate_interval])`, legend: '{{instance}}' }],
          unit: 'none',
          width: 8,
          min: 0,
        },
        {
          title: 'Memory',
          description: 'Resident memory; what V8 uses of it for objects, and how much of that it may use.',
          kind: 'timeseries',
          queries: [
            { expr: `process_resident_memory_bytes{${HERE}}`, legend: '{{instance}}' },
            { expr: `renown_heap_used_bytes{${HERE}}`, legend: '{{instance}} heap' },
            { expr: `renown_heap_limit_bytes{${HERE}}`, legend: '{{instance}} heap, at most' },
          ],
          unit: 'bytes',
          width: 8,
          min: 0,
          links: [runbook('HeapNearlyFull')],
        },
        {
          title: 'How late the event loop was',
          description: 'How long the thread that answers HTTP kept what was due waiting, at worst between scrapes.',
          kind: 'timeseries',
          queries: [{ expr: `renown_event_loop_lag_max_seconds{${HERE}}`, legend: '{{instance}}' }],
          unit: 's',
          width: 8,
          min: 0,
          thresholds: [
            [null, 'green'],
            [1, 'red'],
          ],
          links: [runbook('EventLoopLags')],
        },
        {
          title: 'Time that the event loop was busy',
          description: 'Share of time in which the thread that answers HTTP had something to do.',
          kind: 'timeseries',
          queries: [
            { expr: `rate(renown_event_loop_busy_seconds_total{${HERE}}[$__rate_interval])`, legend: '{{instance}}' },
          ],
          unit: 'percentunit',
          width: 8,
          min: 0,
          max: 1,
          thresholds: [
            [null, 'green'],
            [0.9, 'orange'],
          ],
          links: [runbook('EventLoopLags')],
        },
        {
          title: 'Open files and connections',
          description: 'As a share of what the process may have open.',
          kind: 'timeseries',
          queries: [{ expr: `process_open_fds{${HERE}} / process_max_fds{${HERE}}`, legend: '{{instance}}' }],
          unit: 'percentunit',
          width: 8,
          min: 0,
          thresholds: [
            [null, 'green'],
            [0.8, 'orange'],
          ],
          links: [runbook('FilesNearlyUsedUp')],
        },
        {
          title: 'Starts',
          description: 'How often each replica began anew within six hours, and inference workers that were replaced.',
          kind: 'timeseries',
          queries: [
            { expr: `changes(process_start_time_seconds{${HERE}}[6h])`, legend: '{{instance}}' },
            { expr: `increase(renown_inference_worker_restarts_total{${HERE}}[6h])`, legend: '{{instance}} workers' },
          ],
          unit: 'none',
          width: 8,
          min: 0,
          decimals: 0,
          links: [runbook('RenownRestarts'), runbook('InferenceWorkersCrash')],
        },
      ],
    },
  ],
}
