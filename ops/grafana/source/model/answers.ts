// Row of the dashboard Model. What it says, and how sure it is of it.
import type { Row } from '../dashboard.ts'
import { runbook } from '../panel.ts'

const ASKED = 'job="renown", instance=~"$instance", model=~"$model"'

const SENTIMENT_COLOURS = { negative: 'red', neutral: 'gray', positive: 'green' } as const

function confidence(quantile: number): string {
  return `histogram_quantile(${quantile}, sum by (le) (rate(renown_prediction_confidence_ratio_bucket{${ASKED}}[$__rate_interval]))) >= 0`
}

export const ANSWERS: Row = {
  title: 'Answers',
  panels: [
    {
      title: 'Sentiment of what was asked',
      description: 'Share of each label among the texts that were classified.',
      kind: 'timeseries',
      queries: [
        {
          expr: `sum by (label) (rate(sentiment_analysis_predictions_total{${ASKED}}[$__rate_interval])) / ignoring (label) group_left () (sum(rate(sentiment_analysis_predictions_total{${ASKED}}[$__rate_interval])) > 0)`,
          legend: '{{label}}',
        },
      ],
      unit: 'percentunit',
      width: 8,
      min: 0,
      max: 1,
      stack: 'normal',
      colours: SENTIMENT_COLOURS,
    },
    {
      title: 'Confidence',
      description: 'Probability of the label that was answered: median and the least sure tenth.',
      kind: 'timeseries',
      queries: [
        { expr: confidence(0.5), legend: 'median' },
        { expr: confidence(0.1), legend: 'least sure tenth' },
      ],
      unit: 'percentunit',
      width: 8,
      min: 0,
      max: 1,
      links: [runbook('ConfidenceCollapsed')],
    },
    {
      title: 'Mean confidence by label',
      description: 'How sure the model is of each of its labels.',
      kind: 'timeseries',
      queries: [
        {
          expr: `sum by (label) (rate(renown_prediction_confidence_ratio_sum{${ASKED}}[$__rate_interval])) / (sum by (label) (rate(renown_prediction_confidence_ratio_count{${ASKED}}[$__rate_interval])) > 0)`,
          legend: '{{label}}',
        },
      ],
      unit: 'percentunit',
      width: 8,
      min: 0,
      max: 1,
      colours: SENTIMENT_COLOURS,
    },
    {
      title: 'Predictions by version',
      description:
        'Texts a second that each version of the model answered: swaps are seen as one line that ends and one that begins.',
      kind: 'timeseries',
      queries: [
        {
          expr: `sum by (model) (rate(sentiment_analysis_predictions_total{${ASKED}}[$__rate_interval]))`,
          legend: '{{model}}',
        },
      ],
      unit: 'ops',
      width: 12,
      min: 0,
    },
    {
      title: 'Confidence against the week before',
      description: 'Mean confidence of the last hour and of seven days, by version. More than 0.1 apart is an alert.',
      kind: 'timeseries',
      queries: [
        { expr: 'model:renown_confidence:mean1h{job="renown", model=~"$model"}', legend: '{{model}} last hour' },
        { expr: 'model:renown_confidence:mean7d{job="renown", model=~"$model"}', legend: '{{model}} seven days' },
      ],
      unit: 'percentunit',
      width: 12,
      min: 0,
      max: 1,
      links: [runbook('ConfidenceCollapsed')],
    },
  ],
}
