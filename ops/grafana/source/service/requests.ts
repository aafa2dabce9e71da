// Row of the dashboard Service. What is asked, what fails, how long it takes.
import type { Row } from '../dashboard.ts'
import { type PanelOptions, runbook } from '../panel.ts'
import { ASKED, HERE, NO_REQUESTS, QUIET_RED } from './shared.ts'

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

export const REQUESTS: Row = {
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
}
