// What alerts of the model are tried with.
import { type AlertCase, JOB, ONE, one } from './alert-cases.ts'

const confidence = {
  sum: one('renown_prediction_confidence_ratio_sum', ',label="neutral",model="v1"'),
  count: one('renown_prediction_confidence_ratio_count', ',label="neutral",model="v1"'),
}

export const MODEL_CASES: Readonly<Record<string, AlertCase>> = {
  CanaryChanged: {
    trouble: { [one('renown_canary_changed_posts')]: '0+0x4 2+0x10 0+0x20' },
    firesAt: '12m',
    resolvedAt: '20m',
    labels: ONE,
    summary: 'The same model on a answers 2 of the canary posts differently than before',
    quiet: { [one('renown_canary_changed_posts')]: '0+0x4 2+0x1 0+0x20' },
    quietAt: '8m',
  },
  CanarySilent: {
    trouble: { [one('renown_canary_last_run_timestamp_seconds')]: '0+60x10 600+0x40 3000+60x30' },
    firesAt: '28m',
    resolvedAt: '56m',
    labels: ONE,
    summary: 'The canary posts are not answered on a',
    quiet: { [one('renown_canary_last_run_timestamp_seconds')]: '0+60x60' },
    quietAt: '50m',
    others: {
      'one that never came back': {
        series: { [one('renown_canary_runs_total', ',result="failed"')]: '0+1x60' },
        at: '30m',
        summary: 'The canary posts are not answered on a',
      },
      'a run that failed now and then': {
        series: {
          [one('renown_canary_last_run_timestamp_seconds')]: '0+60x60',
          [one('renown_canary_runs_total', ',result="failed"')]: '0+0.3x60',
        },
        at: '50m',
      },
    },
  },
  ConfidenceCollapsed: {
    interval: '5m',
    evaluated: '10m',
    trouble: { [confidence.sum]: '0+80x288 23090+50x23 24320+80x40', [confidence.count]: '0+100x360' },
    firesAt: '1550m',
    resolvedAt: '1700m',
    labels: { job: 'renown', model: 'v1' },
    summary: 'Model v1 is far less sure than in the week before: 50% on average',
    // The same fall, of twelve posts an hour.
    quiet: { [confidence.sum]: '0+0.8x288 230.9+0.5x60', [confidence.count]: '0+1x360' },
    quietAt: '1550m',
  },
  DriftDetected: {
    evaluated: '10m',
    interval: '10m',
    trouble: { [one('renown_drift_recent_verdict', ',verdict="drift"')]: '0+0x5 1+0x30 0+0x20' },
    firesAt: '240m',
    resolvedAt: '400m',
    labels: JOB,
    summary: 'The posts of late are of another kind than those of the week before',
    // The label mix moves for days, and the world is the same.
    quiet: {
      [one('renown_drift_recent_verdict', ',verdict="news"')]: '1+0x60',
      [one('renown_drift_recent_verdict', ',verdict="drift"')]: '0+0x60',
    },
    quietAt: '500m',
    others: {
      'drift that is now and then news as well': {
        series: {
          [one('renown_drift_recent_verdict', ',verdict="drift"')]: '1 0 1 0 1 0 1 0 1 0 1 0 1 0 1 0 1 0 1 0 1 0 1 0 1',
          [one('renown_drift_recent_verdict', ',verdict="drift_and_news"')]:
            '0 1 0 1 0 1 0 1 0 1 0 1 0 1 0 1 0 1 0 1 0 1 0 1 0',
        },
        at: '200m',
        summary: 'The posts of late are of another kind than those of the week before',
      },
    },
  },
  EstimatedAccuracyFell: {
    evaluated: '10m',
    interval: '10m',
    trouble: {
      [one('renown_estimated_accuracy_ratio', ',bound="value"')]: '0.8+0x100 0.65+0x30 0.8+0x40',
      [one('renown_estimated_accuracy_ratio', ',bound="high"')]: '0.82+0x100 0.67+0x30 0.82+0x40',
    },
    firesAt: '1200m',
    resolvedAt: '1400m',
    labels: ONE,
    summary: 'Estimated accuracy on a is 67% at most, 5 points below its week',
    quiet: {
      [one('renown_estimated_accuracy_ratio', ',bound="value"')]: '0.8+0x100 0.74+0x60',
      [one('renown_estimated_accuracy_ratio', ',bound="high"')]: '0.82+0x100 0.76+0x60',
    },
    quietAt: '1300m',
  },
  AccuracyOverestimated: {
    trouble: {
      [one('renown_sampled_accuracy_ratio', ',bound="high"')]: '0.6+0x90 0.8+0x60',
      [one('renown_estimated_accuracy_ratio', ',bound="low"')]: '0.75+0x200',
    },
    firesAt: '75m',
    resolvedAt: '100m',
    labels: ONE,
    summary: 'Labelled posts say 60% at most, which is less than the estimate bears',
    quiet: {
      [one('renown_sampled_accuracy_ratio', ',bound="high"')]: '0.76+0x90',
      [one('renown_estimated_accuracy_ratio', ',bound="low"')]: '0.75+0x200',
    },
    quietAt: '80m',
  },
  ModelLoadFailed: {
    trouble: { [one('renown_model_loads_total', ',result="refused"')]: '0+0x9 1+0x120' },
    firesAt: '15m',
    resolvedAt: '90m',
    labels: ONE,
    summary: 'a could not take a new version into service, or was rolled back',
    // What was refused long ago is known, and a swap is no failure.
    quiet: {
      [one('renown_model_loads_total', ',result="refused"')]: '3+0x60',
      [one('renown_model_loads_total', ',result="loaded"')]: '0+0x9 1+0x60',
      [one('renown_deployment_events_total', ',event="swapped"')]: '0+0x9 1+0x60',
    },
    quietAt: '30m',
    others: {
      'a rollback': {
        series: { [one('renown_deployment_events_total', ',event="rolled_back"')]: '0+0x9 1+0x60' },
        at: '30m',
        summary: 'a could not take a new version into service, or was rolled back',
      },
    },
  },
  DeploymentCheckFails: {
    trouble: { [one('renown_deployment_events_total', ',event="look_failed"')]: '0+1x60 60+0x60' },
    firesAt: '50m',
    resolvedAt: '100m',
    labels: ONE,
    summary: 'a cannot see which version it should serve',
    quiet: { [one('renown_deployment_events_total', ',event="look_failed"')]: '0+0x30 1+0x3 2+0x60' },
    quietAt: '55m',
  },
  ShadowDisagrees: {
    trouble: {
      [one('renown_shadow_texts_total', ',result="agreed"')]: '0+7x300',
      [one('renown_shadow_texts_total', ',result="disagreed"')]: '0+3x120 360+0x180',
    },
    firesAt: '100m',
    resolvedAt: '200m',
    labels: JOB,
    summary: 'Champion and challenger give different labels to 30% of texts',
    // All of them, but of twenty texts an hour; what was dropped is no disagreement.
    quiet: {
      [one('renown_shadow_texts_total', ',result="disagreed"')]: '0+0.3x120',
      [one('renown_shadow_texts_total', ',result="dropped"')]: '0+100x120',
    },
    quietAt: '100m',
  },
  RegistryUnreadable: {
    trouble: { [one('renown_registry_readable')]: '1+0x4 0+0x20 1+0x30' },
    firesAt: '20m',
    resolvedAt: '30m',
    labels: JOB,
    summary: "The model registry or the log of the gate can't be read",
    quiet: { [one('renown_registry_readable')]: '1+0x4 0+0x5 1+0x30' },
    quietAt: '12m',
  },
}
