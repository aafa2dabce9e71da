// Row of the dashboard Model. How often it is right, by estimate and by labels, and whether the posts changed.
import type { Row } from '../dashboard.ts'
import { onPage, runbook } from '../panel.ts'
import { HERE } from './shared.ts'

function bound(metric: string, name: string): string {
  return `avg(${metric}{${HERE}, bound="${name}"})`
}

export const QUALITY: Row = {
  title: 'How good it is today',
  panels: [
    {
      title: 'Accuracy: estimated and sampled',
      description:
        'Estimated from calibrated confidence, without labels; sampled from posts that people labelled. The estimate is blind to words that change their meaning.',
      kind: 'timeseries',
      queries: [
        { expr: bound('renown_estimated_accuracy_ratio', 'value'), legend: 'estimated' },
        { expr: bound('renown_estimated_accuracy_ratio', 'low'), legend: 'estimated, at least' },
        { expr: bound('renown_estimated_accuracy_ratio', 'high'), legend: 'estimated, at most' },
        { expr: bound('renown_sampled_accuracy_ratio', 'value'), legend: 'sampled' },
        { expr: bound('renown_sampled_accuracy_ratio', 'low'), legend: 'sampled, at least' },
        { expr: bound('renown_sampled_accuracy_ratio', 'high'), legend: 'sampled, at most' },
      ],
      unit: 'percentunit',
      width: 12,
      min: 0.3,
      max: 1,
      links: [runbook('EstimatedAccuracyFell'), runbook('AccuracyOverestimated'), onPage('/#/model', 'Label posts')],
    },
    {
      title: 'Calibration: surer than right',
      description:
        'Mean confidence of seven days less the accuracy on posts of these days that people labelled: above 0 the model is surer than it is right.',
      kind: 'timeseries',
      queries: [
        {
          expr: `avg(model:renown_confidence:mean7d{job="renown"} and on (job, model) model:renown_predictions:rate1h{job="renown"} > 0) - ${bound('renown_sampled_accuracy_ratio', 'value')}`,
          legend: 'surer than right',
        },
      ],
      unit: 'percentunit',
      width: 6,
      thresholds: [
        [null, 'green'],
        [0.1, 'orange'],
      ],
      links: [runbook('AccuracyOverestimated')],
    },
    {
      title: 'Posts that people labelled',
      description: 'Labelled posts of the last seven days: what the sampled accuracy rests on.',
      kind: 'stat',
      queries: [{ expr: `max(renown_drift_labelled_posts{${HERE}})` }],
      unit: 'none',
      width: 6,
    },
    {
      title: 'Verdict on drift, against the week before',
      description:
        'Coloured while it holds. Drift here is a world that changed of late; news is a label mix that moved, and no drift.',
      kind: 'state-timeline',
      queries: [{ expr: `max by (verdict) (renown_drift_recent_verdict{${HERE}})`, legend: '{{verdict}}' }],
      unit: 'none',
      width: 6,
      empty: 'No post was scored yet.',
      colours: { drift: 'red', drift_and_news: 'orange', news: 'blue', stable: 'green', too_few: 'gray' },
      links: [runbook('DriftDetected')],
    },
    {
      title: 'Verdict on drift, against the evaluation',
      description:
        'The same against the posts that the model was evaluated on. Drift that holds for good: the evaluation knows no such posts.',
      kind: 'state-timeline',
      queries: [{ expr: `max by (verdict) (renown_drift_verdict{${HERE}})`, legend: '{{verdict}}' }],
      unit: 'none',
      width: 6,
      empty: 'No post was scored yet.',
      colours: { drift: 'red', drift_and_news: 'orange', news: 'blue', stable: 'green', too_few: 'gray' },
      links: [runbook('DriftDetected')],
    },
    {
      title: 'What moved',
      description:
        'Effect of each feature over the limit from which it counts: 1 and more is drift if it is significant too.',
      kind: 'bargauge',
      queries: [{ expr: `max by (feature) (renown_drift_effect_ratio{${HERE}})`, legend: '{{feature}}' }],
      unit: 'none',
      width: 6,
      min: 0,
      thresholds: [
        [null, 'green'],
        [1, 'red'],
      ],
      links: [runbook('DriftDetected')],
    },
    {
      title: 'Posts that the verdict rests on',
      description: 'Distinct posts in the window. Under 300 there is no verdict.',
      kind: 'timeseries',
      queries: [{ expr: `max by (instance) (renown_drift_window_posts{${HERE}})`, legend: '{{instance}}' }],
      unit: 'short',
      width: 6,
      min: 0,
    },
  ],
}
