// Two weeks of the past in OpenMetrics, and the metrics of what takes days to come about, made up.

const DAYS = 14
const STEP_SECONDS = 600
const LABELS = { negative: 3, neutral: 5, positive: 4 } as const

/** Texts that were classified, until ten minutes before `now` (seconds since 1970). */
export function makeHistory(now: number): string {
  const last = now - STEP_SECONDS
  const first = last - DAYS * 86_400
  const lines = Object.entries(LABELS).flatMap(([label, perStep]) => {
    const series = `sentiment_analysis_predictions_total{job="renown",instance="before",model="v0",label="${label}"}`
    const steps = Math.floor((last - first) / STEP_SECONDS)
    return Array.from({ length: steps + 1 }, (_, step) => `${series} ${step * perStep} ${first + step * STEP_SECONDS}`)
  })
  return ['# TYPE sentiment_analysis_predictions counter', ...lines, '# EOF', ''].join('\n')
}

type Series = Readonly<Record<string, readonly string[]>>

const SLOW: Series = {
  renown_canary_changed_posts: [' 2'],
  renown_drift_effect_ratio: ['{feature="length"} 0.4', '{feature="unknown_tokens"} 0.1'],
  renown_drift_labelled_posts: [' 40'],
  renown_drift_verdict: ['{verdict="stable"} 1', '{verdict="drift"} 0'],
  renown_drift_recent_verdict: ['{verdict="stable"} 1', '{verdict="drift"} 0'],
  renown_drift_window_posts: [' 900'],
  renown_estimated_accuracy_ratio: ['{bound="value"} 0.71', '{bound="low"} 0.69', '{bound="high"} 0.73'],
  renown_sampled_accuracy_ratio: ['{bound="value"} 0.7', '{bound="low"} 0.6', '{bound="high"} 0.8'],
  renown_shadow_texts_total: ['{result="agreed"}', '{result="disagreed"}', '{result="dropped"}'],
  renown_gate_last_verdict: ['{verdict="pass"} 1', '{verdict="fail"} 0'],
  renown_registry_alias_info: ['{alias="champion",version="v2"} 1'],
  renown_registry_alias_moved_timestamp_seconds: ['{alias="champion"} 1.7e9'],
}

const TRAINING: Series = {
  renown_training_info: ['{run="mine",base="default"} 1'],
  renown_training_step: [' 40'],
  renown_training_planned_steps: [' 100'],
  renown_training_loss: [' 0.6'],
  renown_training_gradient_norm: [' 1.2'],
  renown_training_learning_rate: [' 0.00003'],
  renown_training_posts_total: [''],
  renown_training_evaluation_loss: [' 0.7'],
  renown_training_evaluation_ratio: ['{metric="accuracy"} 0.7', '{metric="macro_recall"} 0.69'],
  renown_training_best_evaluation_ratio: ['{metric="accuracy"} 0.71', '{metric="macro_recall"} 0.7'],
}

/** What a server says after days, or a training while it runs; counters, which have no value here, grow with `seconds`. */
export function makeMetrics(of: 'server' | 'training', seconds: number): string {
  const lines = Object.entries(of === 'server' ? SLOW : TRAINING).flatMap(([name, series]) =>
    series.map((rest) =>
      /(^|\}) [\d.e]+$/.test(rest) ? `${name}${rest}` : `${name}${rest} ${Math.round(seconds * 10)}`,
    ),
  )
  return `${lines.join('\n')}\n`
}
