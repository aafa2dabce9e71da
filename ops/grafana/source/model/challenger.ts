// Row of the dashboard Model. What reads along, and what became of versions that were to serve.
import type { Row } from '../dashboard.ts'
import { onPage, runbook } from '../panel.ts'
import { HERE } from './shared.ts'

export const CHALLENGER: Row = {
  title: 'Champion and challenger',
  panels: [
    {
      title: 'Where they disagree',
      description: 'Share of the texts that both were asked to which the challenger gave another label.',
      kind: 'timeseries',
      queries: [{ expr: 'job:renown_shadow_disagreement:ratio_rate1h{job="renown"}', legend: 'disagreement' }],
      unit: 'percentunit',
      width: 8,
      min: 0,
      thresholds: [
        [null, 'green'],
        [0.2, 'orange'],
      ],
      links: [runbook('ShadowDisagrees'), onPage('/#/model', 'Model page')],
    },
    {
      title: 'Texts that the challenger read',
      description: 'Texts a second in shadow, by result; dropped where it was busy.',
      kind: 'timeseries',
      queries: [
        {
          expr: `sum by (result) (rate(renown_shadow_texts_total{${HERE}}[$__rate_interval]))`,
          legend: '{{result}}',
        },
      ],
      unit: 'ops',
      width: 8,
      min: 0,
      stack: 'normal',
    },
    {
      title: 'Loads, swaps, rollbacks, refusals',
      description: 'What became of versions that were to serve, at starts and afterwards, within six hours.',
      kind: 'timeseries',
      queries: [
        { expr: `sum by (result) (increase(renown_model_loads_total{${HERE}}[6h]))`, legend: 'load {{result}}' },
        { expr: `sum by (event) (increase(renown_deployment_events_total{${HERE}}[6h]))`, legend: '{{event}}' },
      ],
      unit: 'none',
      width: 8,
      min: 0,
      decimals: 0,
      links: [runbook('ModelLoadFailed'), runbook('DeploymentCheckFails')],
    },
  ],
}
