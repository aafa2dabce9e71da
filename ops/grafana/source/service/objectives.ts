// Row of the dashboard Service. How fast the budgets of failures and slow answers are spent.
import type { Row } from '../dashboard.ts'
import { type PanelOptions, runbook } from '../panel.ts'

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

export const OBJECTIVES: Row = {
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
}
