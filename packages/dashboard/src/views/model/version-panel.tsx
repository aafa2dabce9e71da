// One version: where it is from, what the gate said, how it compares, and the button that promotes it.
import type { VNode } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { reportPath, versionPath } from '../../api/paths.ts'
import type { Registry, RegistryVersion, RegistryVersionDetails } from '../../api/types.ts'
import { useMayDeploy, useResource } from '../../app/hooks.ts'
import { Moment } from '../../components/moment.tsx'
import { Notice } from '../../components/notice.tsx'
import { formatBytes } from '../../format/number.ts'
import { describeGate } from '../../sentence/gate.ts'
import { Compare } from './compare.tsx'
import { Fact } from './fact.tsx'
import { Promote } from './promote.tsx'

interface Props {
  readonly version: RegistryVersion
  readonly registry: Registry
  onChange(): void
  onClose(): void
}

export function VersionPanel({ version, registry, onChange, onClose }: Props): VNode {
  const details = useResource<RegistryVersionDetails>(versionPath(version.version))
  const heading = useRef<HTMLHeadingElement | null>(null)
  useEffect(() => heading.current?.focus(), [])
  return (
    <div class="card version-panel">
      <header class="panel-head">
        <h3 ref={heading} tabIndex={-1}>
          {version.version}: {version.name} <span class="version">{version.model_version}</span>
        </h3>
        <button type="button" class="button" onClick={onClose}>
          Close
        </button>
      </header>
      {details.error !== null && <Notice error={details.error} />}
      <VersionFacts version={version} details={details.data} />
      <GateVerdict version={version} details={details.data} />
      <Compare version={version} registry={registry} />
      {useMayDeploy() && <Promote version={version} registry={registry} onChange={onChange} />}
    </div>
  )
}

interface FactsProps {
  readonly version: RegistryVersion
  readonly details: RegistryVersionDetails | null
}

function VersionFacts({ version, details }: FactsProps): VNode {
  const { added_at, added_by, reason, bytes, hash } = version
  return (
    <dl class="facts">
      <Fact name="Added">
        <Moment iso={added_at} /> by {added_by}: “{reason}”
      </Fact>
      <Fact name="Fine-tuned from">{details?.base ?? 'not known'}</Fact>
      <Fact name="Trained on">
        {details === null || details.trained_on.length === 0 ? 'not known' : details.trained_on.join(', ')}
      </Fact>
      <Fact name="Size">{formatBytes(bytes)}</Fact>
      <Fact name="Hash">
        <code title={hash}>{hash.slice(0, 12)}</code>
      </Fact>
    </dl>
  )
}

function GateVerdict({ version, details }: FactsProps): VNode {
  const { gate } = version
  const { sentence } = describeGate(gate)
  const reports = details?.reports ?? []
  return (
    <div class="verdict-block">
      <h4>Gate</h4>
      <p>{sentence}</p>
      {gate?.about_this === true && gate.reasons.length > 0 && (
        <ul class="reasons">
          {gate.reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      )}
      <p class="reports">
        {reports.includes('gate.html') && (
          <Report version={version.version} name="gate.html" words="Report of the gate" />
        )}
        {reports.includes('report.html') && (
          <Report version={version.version} name="report.html" words="Report of the training" />
        )}
      </p>
    </div>
  )
}

function Report({ version, name, words }: { version: string; name: string; words: string }): VNode {
  return (
    <a class="link" href={reportPath(version, name)} target="_blank" rel="noopener noreferrer">
      {words}
    </a>
  )
}
