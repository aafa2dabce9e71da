// Every version that the registry keeps; one of them opened, to look at, compare and promote.
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import type { Registry, RegistryTask, RegistryVersion } from '../../api/types.ts'
import { useMayDeploy } from '../../app/hooks.ts'
import { Moment } from '../../components/moment.tsx'
import { ProgressBar } from '../../components/progress-bar.tsx'
import { TableBox } from '../../components/table-box.tsx'
import { describeTask } from '../../sentence/deployment.ts'
import { describeGate } from '../../sentence/gate.ts'
import { AddVersion } from './add-version.tsx'
import { VerifyRegistry } from './verify-registry.tsx'
import { VersionPanel } from './version-panel.tsx'

interface Props {
  readonly registry: Registry
  onChange(): void
}

export function Versions({ registry, onChange }: Props): VNode {
  const { versions, task } = registry
  const [opened, setOpened] = useState<string | null>(null)
  const version = versions.find((known) => known.version === opened)
  return (
    <section class="block" aria-labelledby="versions-heading">
      <h2 id="versions-heading">Versions</h2>
      {versions.length === 0 ? (
        <p class="lead">
          No version is kept yet. <code>renown models add</code> keeps one, <code>renown models promote</code> lets{' '}
          <code>champion</code> name it, and a server that is started with <code>--model champion</code> follows it from
          then on.
        </p>
      ) : (
        <VersionTable versions={versions} opened={opened} onOpen={(next) => setOpened(next === opened ? null : next)} />
      )}
      {version !== undefined && (
        <VersionPanel
          key={version.version}
          version={version}
          registry={registry}
          onChange={onChange}
          onClose={() => setOpened(null)}
        />
      )}
      <TaskLine task={task} />
      {useMayDeploy() && task?.status !== 'running' && (
        <div class="actions">
          <AddVersion onStart={onChange} />
          {versions.length > 0 && <VerifyRegistry onStart={onChange} />}
        </div>
      )}
    </section>
  )
}

interface TableProps {
  readonly versions: readonly RegistryVersion[]
  readonly opened: string | null
  onOpen(version: string): void
}

function VersionTable({ versions, opened, onOpen }: TableProps): VNode {
  return (
    <TableBox name="Versions, the newest first" tall={versions.length > 8}>
      <table class="table versions">
        <caption class="unseen">Versions, the newest first</caption>
        <thead>
          <tr>
            <th scope="col">Version</th>
            <th scope="col">Model</th>
            <th scope="col">Named by</th>
            <th scope="col">Gate</th>
            <th scope="col">Added</th>
          </tr>
        </thead>
        <tbody>
          {versions.map(({ version, name, model_version, aliases, gate, added_at, added_by }) => (
            <tr key={version} class={version === opened ? 'is-open' : ''}>
              <th scope="row">
                <button type="button" class="link" aria-expanded={version === opened} onClick={() => onOpen(version)}>
                  {version}
                </button>
              </th>
              <td>
                {name} <span class="quiet">{model_version}</span>
              </td>
              <td>{aliases.join(', ') || '–'}</td>
              <td>{describeGate(gate).word}</td>
              <td>
                <Moment iso={added_at} /> <span class="quiet">by {added_by}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableBox>
  )
}

function TaskLine({ task }: { task: RegistryTask | null }): VNode {
  const progress = task?.progress ?? null
  const damage = task?.verification?.problems ?? []
  const isRunning = task?.status === 'running'
  return (
    <div class="task">
      <div role="status">
        {task !== null && (
          <p>
            {describeTask(task)} {task.finished_at !== null && <Moment iso={task.finished_at} />}
          </p>
        )}
        {task !== null && task.problem !== null && (
          <p>
            {task.problem.detail} <span class="quiet">({task.problem.code})</span>
          </p>
        )}
        {damage.length > 0 && (
          <ul class="reasons">
            {damage.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        )}
      </div>
      {isRunning && (
        <ProgressBar
          share={progress === null || progress.total === 0 ? null : progress.bytes / progress.total}
          name="Work on the registry"
        />
      )}
    </div>
  )
}
