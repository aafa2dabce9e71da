// Dashboard Model: what it says, how sure it is, whether that can be trusted, and how the challenger compares.
import { type DashboardOptions, INSTANCE, MODEL } from './dashboard.ts'
import { onPage, runbook } from './panel.ts'

const ASKED = 'job="renown", instance=~"$instance", model=~"$model"'
const HERE = 'job="renown", instance=~"$instance"'
const SENTIMENT_COLOURS = { negative: 'red', neutral: 'gray', positive: 'green' } as const

function confidence(quantile: number): string {
  return `histogram_quantile(${quantile}, sum by (le) (rate(renown_prediction_confidence_ratio_bucket{${ASKED}}[$__rate_interval]))) >= 0`
}

function bound(metric: string, name: string): string {
  return `avg(${metric}{${HERE}, bound="${name}"})`
}

export const MODEL_DASHBOARD: DashboardOptions = {
  uid: 'renown-model',
  title: 'Model',
  description: 'Which model serves, what it answers, how sure it is, how good it is by estimate and by labels.',
  from: 'now-24h',
  variables: [INSTANCE, MODEL],
  links: [onPage('/#/model', 'Model page')],
  rows: [
    {
      title: 'What serves',
      panels: [
        {
          title: 'Model',
          description:
            'Name, version, file and encoding of the model of each replica. More than one line: a swap is under way, or replicas differ.',
          kind: 'table',
          queries: [{ expr: `max by (instance, name, version, encoding, file) (renown_model_info{${HERE}})` }],
          unit: 'none',
          width: 10,
          height: 6,
          columns: {
            instance: { title: 'Replica' },
            name: { title: 'Name' },
            version: { title: 'Version' },
            encoding: { title: 'Weights' },
            file: { title: 'File' },
          },
          links: [onPage('/#/model', 'Model page')],
          empty: 'No replica serves a model.',
        },
        {
          title: 'Aliases',
          description: 'Which version each alias of the registry names. Empty: the registry has none yet.',
          kind: 'table',
          queries: [{ expr: `max by (alias, version) (renown_registry_alias_info{${HERE}})` }],
          unit: 'none',
          width: 6,
          height: 6,
          columns: { alias: { title: 'Alias' }, version: { title: 'Version' } },
          links: [runbook('RegistryUnreadable')],
          empty: 'No alias yet.',
        },
        {
          title: 'Canary',
          description: 'Canary posts that the same model answers differently than before. Anything but 0 is damage.',
          kind: 'stat',
          queries: [{ expr: `max(renown_canary_changed_posts{${HERE}})` }],
          unit: 'none',
          width: 4,
          height: 6,
          thresholds: [
            [null, 'green'],
            [1, 'red'],
          ],
          links: [runbook('CanaryChanged'), runbook('CanarySilent')],
        },
        {
          title: 'Versions refused',
          description:
            'Versions that the server stays off until it is told: they could not be loaded, failed their check, or were rolled back.',
          kind: 'stat',
          queries: [{ expr: `max(renown_deployment_refused_versions{${HERE}})` }],
          unit: 'none',
          width: 4,
          height: 6,
          thresholds: [
            [null, 'green'],
            [1, 'orange'],
          ],
          links: [runbook('ModelLoadFailed')],
        },
      ],
    },
    {
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
          description:
            'Mean confidence of the last hour and of seven days, by version. More than 0.1 apart is an alert.',
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
    },
    {
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
          links: [
            runbook('EstimatedAccuracyFell'),
            runbook('AccuracyOverestimated'),
            onPage('/#/model', 'Label posts'),
          ],
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
    },
    {
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
    },
  ],
}
