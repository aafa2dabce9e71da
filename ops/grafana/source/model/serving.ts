// Row of the dashboard Model. Which model each replica serves, what the aliases name, and what stays off.
import type { Row } from '../dashboard.ts'
import { onPage, runbook } from '../panel.ts'
import { HERE } from './shared.ts'

export const SERVING: Row = {
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
}
