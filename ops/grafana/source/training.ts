// Dashboard Training: runs while they run, verdicts of the gate, versions made and promoted.
import type { DashboardOptions } from './dashboard.ts'
import { onPage } from './panel.ts'

const RUN = 'job="renown-training", instance=~"$trainer"'
const HERE = 'job="renown"'

export const TRAINING: DashboardOptions = {
  uid: 'renown-training',
  title: 'Training',
  description: 'Trainings that run, what the gate said, which versions were made and promoted.',
  from: 'now-24h',
  variables: [
    {
      name: 'trainer',
      label: 'Training',
      description: 'Which trainings are shown.',
      query: 'label_values(up{job="renown-training"}, instance)',
      many: true,
    },
  ],
  links: [onPage('/#/model', 'Model page')],
  rows: [
    {
      title: 'Runs',
      panels: [
        {
          title: 'What runs',
          description:
            'The folder of the run and the model that it began with. Empty: nothing is being trained where Prometheus can see it.',
          kind: 'table',
          queries: [{ expr: `max by (run, base) (renown_training_info{${RUN}})`, instant: true }],
          unit: 'none',
          width: 8,
          height: 6,
        },
        {
          title: 'Done',
          description: 'Updates of the weights that are done, as a share of those planned.',
          kind: 'stat',
          queries: [{ expr: `max(renown_training_step{${RUN}} / (renown_training_planned_steps{${RUN}} > 0))` }],
          unit: 'percentunit',
          width: 4,
          height: 6,
          min: 0,
          max: 1,
        },
        {
          title: 'Posts a second',
          description: 'How fast it learns.',
          kind: 'stat',
          queries: [{ expr: `sum(rate(renown_training_posts_total{${RUN}}[$__rate_interval]))` }],
          unit: 'ops',
          width: 4,
          height: 6,
        },
        {
          title: 'Best so far',
          description: 'Macro recall and accuracy of the best evaluation so far.',
          kind: 'stat',
          queries: [{ expr: `max by (metric) (renown_training_best_evaluation_ratio{${RUN}})`, legend: '{{metric}}' }],
          unit: 'percentunit',
          width: 8,
          height: 6,
        },
        {
          title: 'Loss',
          description:
            'Of the last update and of the last evaluation. Evaluations that rise while training falls: it learns by heart.',
          kind: 'timeseries',
          queries: [
            { expr: `max by (instance) (renown_training_loss{${RUN}})`, legend: '{{instance}} training' },
            { expr: `max by (instance) (renown_training_evaluation_loss{${RUN}})`, legend: '{{instance}} evaluation' },
          ],
          unit: 'none',
          width: 8,
          min: 0,
        },
        {
          title: 'Evaluations',
          description: 'Accuracy, macro recall and macro F1 of the last evaluation.',
          kind: 'timeseries',
          queries: [{ expr: `max by (metric) (renown_training_evaluation_ratio{${RUN}})`, legend: '{{metric}}' }],
          unit: 'percentunit',
          width: 8,
          min: 0,
          max: 1,
        },
        {
          title: 'Learning rate and gradient',
          description: 'Learning rate of the last update, and the norm of its gradient before clipping.',
          kind: 'timeseries',
          queries: [
            { expr: `max by (instance) (renown_training_learning_rate{${RUN}})`, legend: '{{instance}} learning rate' },
            { expr: `max by (instance) (renown_training_gradient_norm{${RUN}})`, legend: '{{instance}} gradient norm' },
          ],
          unit: 'none',
          width: 8,
          min: 0,
        },
      ],
    },
    {
      title: 'Gate and registry',
      panels: [
        {
          title: 'The last gate',
          description: 'The verdict of the gate that was run last.',
          kind: 'stat',
          queries: [{ expr: `max by (verdict) (renown_gate_last_verdict{${HERE}}) == 1`, legend: '{{verdict}}' }],
          unit: 'none',
          width: 4,
          words: { 1: 'holds' },
        },
        {
          title: 'Gates',
          description: 'Gates that were run within a day, by verdict.',
          kind: 'timeseries',
          queries: [
            { expr: `max by (verdict) (increase(renown_gate_runs_total{${HERE}}[1d]))`, legend: '{{verdict}}' },
          ],
          unit: 'none',
          width: 8,
          min: 0,
          decimals: 0,
          colours: { pass: 'green', fail: 'red', undecidable: 'yellow' },
        },
        {
          title: 'Registry',
          description: 'Versions added, promoted, rolled back and pruned within a day.',
          kind: 'timeseries',
          queries: [
            { expr: `max by (kind) (increase(renown_registry_events_total{${HERE}}[1d]))`, legend: '{{kind}}' },
          ],
          unit: 'none',
          width: 8,
          min: 0,
          decimals: 0,
        },
        {
          title: 'Versions',
          description: 'Versions that the registry keeps.',
          kind: 'stat',
          queries: [{ expr: `max(renown_registry_versions{${HERE}})` }],
          unit: 'none',
          width: 4,
          links: [onPage('/#/model', 'Model page')],
        },
        {
          title: 'Aliases',
          description: 'Which version each alias names.',
          kind: 'table',
          queries: [{ expr: `max by (alias, version) (renown_registry_alias_info{${HERE}})`, instant: true }],
          unit: 'none',
          width: 12,
        },
        {
          title: 'Moved last',
          description: 'How long ago each alias was moved.',
          kind: 'table',
          queries: [
            { expr: `time() - max by (alias) (renown_registry_alias_moved_timestamp_seconds{${HERE}})`, instant: true },
          ],
          unit: 's',
          width: 12,
        },
      ],
    },
  ],
}
