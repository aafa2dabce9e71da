// Which version an alias named when, by whose decision and why; and the way back.
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { aliasPath } from '../../api/paths.ts'
import type { AliasHistory, Registry, RegistryAlias, ServedPeriod } from '../../api/types.ts'
import { useServices } from '../../app/context.tsx'
import { useMayDeploy, useOnChange, useResource } from '../../app/hooks.ts'
import { Fold } from '../../components/fold.tsx'
import { Moment } from '../../components/moment.tsx'
import { Notice } from '../../components/notice.tsx'
import { ReasonButton } from '../../components/reason-button.tsx'
import { formatCount } from '../../format/number.ts'
import { describeMove } from '../../sentence/deployment.ts'

/** Seen at once; what was before them is folded. */
const NEWEST = 5

interface Props {
  readonly registry: Registry
  onChange(): void
}

/** Nothing where no alias was ever set: then nothing was promoted. */
export function History({ registry: { aliases }, onChange }: Props): VNode | null {
  const [chosen, setChosen] = useState('champion')
  const alias = aliases.find((known) => known.alias === chosen) ?? aliases[0]
  if (alias === undefined) return null
  return (
    <section class="block" aria-labelledby="history-heading">
      <h2 id="history-heading">History of {alias.alias}</h2>
      {aliases.length > 1 && (
        <div class="form-field">
          <label for="history-alias">Alias</label>
          <select id="history-alias" class="field" onChange={(event) => setChosen(event.currentTarget.value)}>
            {aliases.map((known) => (
              <option key={known.alias} value={known.alias} selected={known.alias === alias.alias}>
                {known.alias}
              </option>
            ))}
          </select>
        </div>
      )}
      <Timeline key={alias.alias} alias={alias} />
      {useMayDeploy() && alias.rollback_to !== null && (
        <div class="actions">
          <RollBack alias={alias} to={alias.rollback_to} onChange={onChange} />
        </div>
      )}
    </section>
  )
}

function RollBack({ alias, to, onChange }: { alias: RegistryAlias; to: string; onChange: () => void }): VNode {
  const { api } = useServices()
  const { current } = alias
  return (
    <ReasonButton
      words={`Roll ${alias.alias} back to ${to}`}
      onConfirm={(reason) =>
        api.post(aliasPath(alias.alias, 'rollback'), { reason, expect: current.version }).then(onChange)
      }
    >
      <p>
        Every server that follows {alias.alias} goes back from {current.version} to {to}.
      </p>
    </ReasonButton>
  )
}

function Timeline({ alias }: { alias: RegistryAlias }): VNode {
  const { data, error, reload } = useResource<AliasHistory>(aliasPath(alias.alias, 'history'))
  // It was moved: there is one more.
  useOnChange(alias.current.from, reload)
  const periods = data?.periods ?? [alias.current]
  const earlier = periods.slice(NEWEST)
  return (
    <>
      {error !== null && <Notice error={error} />}
      <Periods periods={periods.slice(0, NEWEST)} />
      {earlier.length > 0 && (
        <Fold words={`${formatCount(earlier.length)} earlier`} about={`in the history of ${alias.alias}`}>
          <Periods periods={earlier} />
        </Fold>
      )}
    </>
  )
}

function Periods({ periods }: { periods: readonly ServedPeriod[] }): VNode {
  return (
    <ol class="timeline">
      {periods.map((period) => (
        <Period key={`${period.from} ${period.version}`} period={period} />
      ))}
    </ol>
  )
}

function Period({ period }: { period: ServedPeriod }): VNode {
  const { version, from, until, evidence } = period
  return (
    <li class={until === null ? 'is-now' : ''}>
      <p>
        <strong>{version}</strong>{' '}
        <span class="quiet">
          from <Moment iso={from} /> {until === null ? 'on' : 'until '}
          {until !== null && <Moment iso={until} />}
        </span>
      </p>
      <p>{describeMove(period)}</p>
      {evidence.map(({ name, sha256 }) => (
        <p key={sha256} class="quiet">
          Evidence: {name}, <code title={sha256}>{sha256.slice(0, 12)}</code>
        </p>
      ))}
    </li>
  )
}
