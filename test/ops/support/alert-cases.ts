// For each alert what makes it fire and resolve, and what comes close and must not: series in promtool's notation, one value a minute.

export type Series = Readonly<Record<string, string>>

export interface AlertCase {
  readonly trouble: Series
  readonly firesAt: string
  readonly resolvedAt: string
  /** Of the alert that fires, `severity` and what the rule adds aside. */
  readonly labels: Readonly<Record<string, string>>
  readonly summary: string
  /** Comes close. */
  readonly quiet: Series
  readonly quietAt: string
  /** By what is special about it: what else fires, then with this summary, or doesn't. */
  readonly others?: Readonly<Record<string, OtherCase>>
  /** Between two values; a minute unless given. */
  readonly interval?: string
  /** Between two evaluations; a minute unless given: rules are evaluated fast enough, days of minutes are not. */
  readonly evaluated?: string
}

export interface OtherCase {
  readonly series: Series
  readonly at: string
  /** Where it fires. */
  readonly summary?: string
}

const JOB = { job: 'renown' }
const ONE = { job: 'renown', instance: 'a' }

function requests(status: number, handler = '/predict'): string {
  return `http_requests_total{job="renown",instance="a",method="POST",handler="${handler}",status="${status}"}`
}

const latency = {
  fast: 'http_requests_latency_seconds_bucket{job="renown",instance="a",method="POST",handler="/predict",le="0.25"}',
  all: 'http_requests_latency_seconds_count{job="renown",instance="a",method="POST",handler="/predict"}',
}

function queue(bound: string): string {
  return `renown_inference_stage_seconds_bucket{job="renown",instance="a",stage="queue",le="${bound}"}`
}

function one(name: string, labels = ''): string {
  return `${name}{job="renown",instance="a"${labels}}`
}

function another(name: string): string {
  return `${name}{job="renown",instance="b"}`
}

const READY = 'renown_inference_ready'
const confidence = {
  sum: one('renown_prediction_confidence_ratio_sum', ',label="neutral",model="v1"'),
  count: one('renown_prediction_confidence_ratio_count', ',label="neutral",model="v1"'),
}

export const SERVICE_CASES: Readonly<Record<string, AlertCase>> = {
  AvailabilityBurnsFast: {
    trouble: { [requests(200)]: '0+57x120 6900+60x200', [requests(500)]: '0+3x120 360+0x200' },
    firesAt: '60m',
    resolvedAt: '180m',
    labels: JOB,
    summary: '5% of requests fail by our fault',
    // Everything fails, but it is nine requests; and the health checks that succeed don't hide failures.
    quiet: { [requests(500)]: '0+0x10 1+1x8 9+0x90', [requests(200, '/health/live')]: '0+60x110' },
    quietAt: '40m',
    others: {
      'ten times too fast for hours': {
        series: { [requests(200)]: '0+99x240', [requests(500)]: '0+1x240' },
        at: '200m',
        summary: '1% of requests fail by our fault',
      },
      'five times too fast': { series: { [requests(200)]: '0+199x240', [requests(500)]: '0+1x240' }, at: '200m' },
      'refusals and bad requests': {
        series: { [requests(200)]: '0+10x90', [requests(429)]: '0+50x90', [requests(422)]: '0+50x90' },
        at: '60m',
      },
      'a counter that begins anew': {
        series: { [requests(200)]: '0+57x30 0+57x60', [requests(500)]: '500+0x30 0+0x60' },
        at: '34m',
      },
    },
  },
  AvailabilityBurnsSlowly: {
    evaluated: '10m',
    interval: '5m',
    trouble: { [requests(200)]: '0+249x420', [requests(500)]: '0+1x320 320+0x100' },
    firesAt: '1500m',
    resolvedAt: '1980m',
    labels: JOB,
    summary: '0.4% of requests fail by our fault, for a day or longer',
    quiet: { [requests(200)]: '0+1999x320', [requests(500)]: '0+1x320' },
    quietAt: '1500m',
    others: {
      'twice too fast for days': {
        series: { [requests(200)]: '0+499x320', [requests(500)]: '0+1x320' },
        at: '1500m',
        summary: '0.2% of requests fail by our fault, for a day or longer',
      },
      'nine failures and nothing else': { series: { [requests(500)]: '0+0x200 1+1x8 9+0x200' }, at: '1200m' },
    },
  },
  LatencyBurnsFast: {
    trouble: { [latency.all]: '0+60x320', [latency.fast]: '0+48x120 5820+60x200' },
    firesAt: '60m',
    resolvedAt: '180m',
    labels: JOB,
    summary: '20% of predictions take longer than 250 ms',
    quiet: { [latency.all]: '0+60x120', [latency.fast]: '0+57x120' },
    quietAt: '100m',
    others: {
      'eight times too fast for hours': {
        series: { [latency.all]: '0+100x240', [latency.fast]: '0+92x240' },
        at: '200m',
        summary: '8% of predictions take longer than 250 ms',
      },
      'slow ones among many that are refused at once': {
        series: {
          [latency.all]: '0+100x90',
          [latency.fast]: '0+96x90',
          [requests(429)]: '0+70x90',
          [requests(422)]: '0+10x90',
          [requests(200)]: '0+20x90',
        },
        at: '60m',
        summary: '20% of predictions take longer than 250 ms',
      },
      'nine slow ones and nothing else': {
        series: { [latency.all]: '0+0x10 1+1x8 9+0x90', [latency.fast]: '0+0x110' },
        at: '20m',
      },
    },
  },
  LatencyBurnsSlowly: {
    evaluated: '10m',
    interval: '5m',
    trouble: { [latency.all]: '0+100x420', [latency.fast]: '0+96x320 30820+100x100' },
    firesAt: '1500m',
    resolvedAt: '1980m',
    labels: JOB,
    summary: '4% of predictions take longer than 250 ms, for a day or longer',
    quiet: { [latency.all]: '0+200x320', [latency.fast]: '0+199x320' },
    quietAt: '1500m',
    others: {
      'twice too fast for days': {
        series: { [latency.all]: '0+100x320', [latency.fast]: '0+98x320' },
        at: '1500m',
        summary: '2% of predictions take longer than 250 ms, for a day or longer',
      },
      'nine slow ones and nothing else': {
        series: { [latency.all]: '0+0x200 1+1x8 9+0x200', [latency.fast]: '0+0x410' },
        at: '1200m',
      },
    },
  },
  RequestsRefused: {
    trouble: { [requests(200)]: '0+90x90', [requests(429)]: '0+10x30 300+0x60' },
    firesAt: '20m',
    resolvedAt: '45m',
    labels: JOB,
    summary: '10% of requests are refused with 429',
    quiet: { [requests(200)]: '0+96x90', [requests(429)]: '0+4x90' },
    quietAt: '60m',
    others: { 'all of them, but one a minute': { series: { [requests(429)]: '0+1x90' }, at: '60m' } },
  },
  QueueWaitsLong: {
    trouble: { [queue('0.5')]: '0+0x30 60+60x60', [queue('1')]: '0+60x91', [queue('+Inf')]: '0+60x91' },
    firesAt: '20m',
    resolvedAt: '45m',
    labels: ONE,
    summary: 'Texts wait 975ms for the model on a',
    quiet: { [queue('0.5')]: '0+58x90', [queue('1')]: '0+60x90', [queue('+Inf')]: '0+60x90' },
    quietAt: '60m',
    others: {
      'all of them, but one a minute': {
        series: { [queue('0.5')]: '0+0x90', [queue('1')]: '0+1x90', [queue('+Inf')]: '0+1x90' },
        at: '60m',
      },
    },
  },
  EventLoopLags: {
    trouble: { [one('renown_event_loop_lag_max_seconds')]: '2+0x30 0.01+0x60' },
    firesAt: '20m',
    resolvedAt: '40m',
    labels: ONE,
    summary: 'The event loop of a is 2s late',
    quiet: { [one('renown_event_loop_lag_max_seconds')]: '0.9+0x60' },
    quietAt: '60m',
  },
  HeapNearlyFull: {
    trouble: { [one('renown_heap_used_bytes')]: '95+0x30 50+0x60', [one('renown_heap_limit_bytes')]: '100+0x91' },
    firesAt: '20m',
    resolvedAt: '40m',
    labels: ONE,
    summary: '95% of the JavaScript heap of a is in use',
    quiet: { [one('renown_heap_used_bytes')]: '89+0x60', [one('renown_heap_limit_bytes')]: '100+0x60' },
    quietAt: '60m',
  },
  FilesNearlyUsedUp: {
    trouble: { [one('process_open_fds')]: '900+0x30 100+0x60', [one('process_max_fds')]: '1000+0x91' },
    firesAt: '20m',
    resolvedAt: '40m',
    labels: ONE,
    summary: 'a has 90% of the files and connections open that it may',
    quiet: { [one('process_open_fds')]: '790+0x60', [one('process_max_fds')]: '1000+0x60' },
    quietAt: '60m',
  },
  RenownRestarts: {
    trouble: { [one('process_start_time_seconds')]: '100+0x4 200+0x4 300+0x4 400+0x80' },
    firesAt: '20m',
    resolvedAt: '60m',
    labels: ONE,
    summary: 'a started 3 times within half an hour',
    quiet: { [one('process_start_time_seconds')]: '100+0x4 200+0x4 300+0x80' },
    quietAt: '20m',
  },
  InferenceWorkersCrash: {
    trouble: { [one('renown_inference_worker_restarts_total')]: '0+0x4 1+0x4 2+0x80' },
    firesAt: '18m',
    resolvedAt: '40m',
    labels: ONE,
    summary: 'Inference workers of a stopped 2 times within 15 minutes',
    quiet: { [one('renown_inference_worker_restarts_total')]: '0+0x4 1+0x80' },
    quietAt: '15m',
  },
}

export const WATCH_CASES: Readonly<Record<string, AlertCase>> = {
  RenownDown: {
    trouble: { [one('up')]: '1+0x4 0+0x9 1+0x30', [another('up')]: '0+0x60' },
    firesAt: '10m',
    resolvedAt: '20m',
    labels: JOB,
    summary: 'No Renown answers Prometheus',
    quiet: { [one('up')]: '1+0x4 0+0x1 1+0x30' },
    quietAt: '7m',
    others: { 'one of two': { series: { [one('up')]: '1+0x60', [another('up')]: '0+0x60' }, at: '20m' } },
  },
  ReplicaDown: {
    trouble: { [one('up')]: '1+0x4 0+0x9 1+0x30', [another(READY)]: '1+0x60' },
    firesAt: '12m',
    resolvedAt: '20m',
    labels: ONE,
    summary: 'a does not answer, or has no model, while other replicas do',
    // All of them: that is another alert, which pages.
    quiet: { [one('up')]: '0+0x60', [another('up')]: '0+0x60' },
    quietAt: '20m',
    others: {
      'one whose model does not answer': {
        series: { [one('up')]: '1+0x60', [one(READY)]: '0+0x60', [another(READY)]: '1+0x60' },
        at: '20m',
        summary: 'a does not answer, or has no model, while other replicas do',
      },
    },
  },
  RenownMissing: {
    trouble: { [one('up')]: '_x10 1+0x30' },
    firesAt: '8m',
    resolvedAt: '15m',
    labels: JOB,
    summary: 'Prometheus knows of no Renown to watch',
    // Down is not missing.
    quiet: { [one('up')]: '0+0x30' },
    quietAt: '20m',
  },
  ModelNotReady: {
    trouble: { [one(READY)]: '0+0x10 1+0x30', [another(READY)]: '0+0x40' },
    firesAt: '8m',
    resolvedAt: '15m',
    labels: JOB,
    summary: 'No replica has a model that answers',
    quiet: { [one(READY)]: '1+0x30', [another(READY)]: '0+0x30' },
    quietAt: '20m',
  },
  RulesFail: {
    trouble: {
      'prometheus_rule_evaluation_failures_total{job="prometheus",instance="p",rule_group="g"}':
        '0+0x2 5+5x30 155+0x60',
    },
    firesAt: '30m',
    resolvedAt: '60m',
    labels: { job: 'prometheus', instance: 'p', rule_group: 'g' },
    summary: 'Rules of g fail to evaluate',
    quiet: { 'prometheus_rule_evaluation_failures_total{job="prometheus",instance="p",rule_group="g"}': '7+0x60' },
    quietAt: '40m',
  },
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
    trouble: { [one('renown_deployment_events_total', ',event="refused"')]: '0+0x9 1+0x120' },
    firesAt: '15m',
    resolvedAt: '90m',
    labels: ONE,
    summary: 'a could not take a new version into service, or was rolled back',
    // What was refused long ago is known, and a swap is no failure.
    quiet: {
      [one('renown_deployment_events_total', ',event="refused"')]: '3+0x60',
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
