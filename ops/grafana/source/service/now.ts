// Row of the dashboard Service. What matters first, in one line of numbers.
import type { Row } from '../dashboard.ts'
import { runbook } from '../panel.ts'
import { ASKED, HERE, NO_REQUESTS, QUIET_RED } from './shared.ts'

export const NOW: Row = {
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
      description: 'Share of 5xx in the last hour. The objective over 30 days is 0.1 %; at 1.44 % somebody is paged.',
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
}
