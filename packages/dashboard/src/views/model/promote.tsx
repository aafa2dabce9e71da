// Lets an alias name a version: with a reason, and a warning where no gate speaks for it.
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { aliasPath } from '../../api/paths.ts'
import type { Registry, RegistryVersion } from '../../api/types.ts'
import { useServices } from '../../app/context.tsx'
import { ReasonForm } from '../../components/reason-button.tsx'
import { describeGate } from '../../sentence/gate.ts'

const CHAMPION = 'champion'
/** Always there to choose, whether they are set or not. */
const USUAL = [CHAMPION, 'challenger']

interface Props {
  readonly version: RegistryVersion
  readonly registry: Registry
  onChange(): void
}

export function Promote({ version, registry, onChange }: Props): VNode {
  const { api } = useServices()
  const [alias, setAlias] = useState(CHAMPION)
  const [withoutGate, setWithoutGate] = useState(false)
  const names = [...new Set([...USUAL, ...registry.aliases.map((known) => known.alias)])]
  const now = registry.aliases.find((known) => known.alias === alias)?.current.version ?? null

  async function promote(reason: string): Promise<void> {
    const gate = alias === CHAMPION && withoutGate ? { without_gate: true } : {}
    await api.post(aliasPath(alias, 'promote'), { version: version.version, expect: now, reason, ...gate })
    onChange()
  }

  return (
    <div class="promote">
      <h4>Promote</h4>
      <div class="form-field">
        <label for="promote-alias">Alias</label>
        <select id="promote-alias" class="field" onChange={(event) => setAlias(event.currentTarget.value)}>
          {names.map((name) => (
            <option key={name} value={name} selected={name === alias}>
              {name}
            </option>
          ))}
        </select>
        <span class="quiet">{now === null ? `${alias} names no version yet.` : `${alias} is ${now} now.`}</span>
      </div>
      {now === version.version ? (
        <p>It is {alias} already.</p>
      ) : (
        <ReasonForm words={`Promote ${version.version} to ${alias}`} onConfirm={promote}>
          {alias === CHAMPION && (
            <Warning version={version} registry={registry} accepted={withoutGate} onAccept={setWithoutGate} />
          )}
        </ReasonForm>
      )}
    </div>
  )
}

interface WarningProps extends Pick<Props, 'version' | 'registry'> {
  readonly accepted: boolean
  onAccept(accepted: boolean): void
}

/** Nothing where a gate passed it against what it would replace. */
function Warning({ version, registry, accepted, onAccept }: WarningProps): VNode | null {
  const champion = registry.versions.find(({ aliases }) => aliases.includes(CHAMPION)) ?? null
  const { warning } = describeGate(version.gate, champion?.hash ?? null)
  if (warning === null) return null
  return (
    <div class="notice">
      <p class="notice-what">{warning}</p>
      {champion === null ? (
        <p>There is no champion yet, so it may come in; what comes after it needs a gate.</p>
      ) : (
        <label class="check">
          <input type="checkbox" checked={accepted} onChange={(event) => onAccept(event.currentTarget.checked)} />
          Promote it without the gate. The history will say so.
        </label>
      )}
    </div>
  )
}
