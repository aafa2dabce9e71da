// Which model serves and why, what it follows, what comes next, what is refused, and the way back.
import type { VNode } from 'preact'
import { PATHS } from '../../api/paths.ts'
import type { Deployment, RefusedVersion, Registry, ServedVersion } from '../../api/types.ts'
import { useServices } from '../../app/context.tsx'
import { useAction, useMayDeploy } from '../../app/hooks.ts'
import { Fold } from '../../components/fold.tsx'
import { Moment } from '../../components/moment.tsx'
import { Notice } from '../../components/notice.tsx'
import { ReasonButton } from '../../components/reason-button.tsx'
import { formatNoun } from '../../format/number.ts'
import { describeFollowing, describeLoading, describeMove, findReason } from '../../sentence/deployment.ts'
import { Fact } from './fact.tsx'

/** Seen at once; more are folded. */
const REFUSED_SEEN = 3

interface Props {
  readonly deployment: Deployment
  readonly registry: Registry | null
  onChange(): void
}

export function InService({ deployment, registry, onChange }: Props): VNode {
  const { serving, previous, loading, refused, checked } = deployment
  const reason = findReason(deployment, registry)
  return (
    <section class="block in-service" aria-labelledby="service-heading">
      <h2 id="service-heading">In service</h2>
      <p class="serving">
        <strong>
          {serving.name} {serving.version}
        </strong>{' '}
        (<code>{serving.reference}</code>) serves now. It took over <Moment iso={serving.since} />.
      </p>
      {reason !== null && <p class="why">{describeMove(reason)}</p>}
      <p class="coming" role="status">
        {loading !== null && describeLoading(loading)}
      </p>
      {checked !== null && checked.error !== null && (
        <p class="notice">
          The last look at <code>{deployment.following}</code>, <Moment iso={checked.at} />, failed: {checked.error}
        </p>
      )}
      <dl class="facts">
        <Fact name="Follows">{describeFollowing(deployment)}</Fact>
        {checked !== null && (
          <Fact name="Last look">
            <Moment iso={checked.at} />
          </Fact>
        )}
        <Fact name="Before it">{previous === null ? 'nothing that is still loaded' : describeVersion(previous)}</Fact>
      </dl>
      <ServiceActions deployment={deployment} onChange={onChange} />
      {refused.length > 0 && <Refused refused={refused} onChange={onChange} />}
    </section>
  )
}

function describeVersion({ name, version, reference }: ServedVersion): string {
  return `${name} ${version} (${reference}), loaded`
}

function ServiceActions({ deployment, onChange }: Pick<Props, 'deployment' | 'onChange'>): VNode | null {
  const { api } = useServices()
  const { busy, error, run } = useAction()
  const { following, previous, serving } = deployment
  if (!useMayDeploy() || (following === null && previous === null)) return null
  return (
    <div class="actions">
      {following !== null && (
        <button
          type="button"
          class="button"
          disabled={busy}
          onClick={() => run(() => api.post(PATHS.checkDeployment).then(onChange))}
        >
          {busy ? 'Looking' : 'Look for a new version now'}
        </button>
      )}
      {previous !== null && (
        <ReasonButton
          words={`Go back to ${previous.reference}`}
          onConfirm={(reason) => api.post(PATHS.rollBackDeployment, { reason }).then(onChange)}
        >
          <p>
            {previous.reference} is loaded, so this server answers with it at once, and stays off {serving.reference}{' '}
            until you let it try again. Other servers go on as they are.
          </p>
        </ReasonButton>
      )}
      {error !== null && <Notice error={error} meaning="What serves did not change." />}
    </div>
  )
}

interface RefusedProps {
  readonly refused: readonly RefusedVersion[]
  onChange(): void
}

function Refused({ refused, onChange }: RefusedProps): VNode {
  const more = refused.slice(REFUSED_SEEN)
  return (
    <>
      <h3 class="small-heading">This server stays off</h3>
      <RefusedRows refused={refused.slice(0, REFUSED_SEEN)} onChange={onChange} />
      {more.length > 0 && (
        <Fold words={formatNoun(more.length, 'more version')} about="that this server stays off">
          <RefusedRows refused={more} onChange={onChange} />
        </Fold>
      )}
    </>
  )
}

function RefusedRows({ refused, onChange }: RefusedProps): VNode {
  return (
    <ul class="rows">
      {refused.map((version) => (
        <RefusedRow key={`${version.reference} ${version.hash}`} version={version} onChange={onChange} />
      ))}
    </ul>
  )
}

function RefusedRow({ version, onChange }: { version: RefusedVersion; onChange: () => void }): VNode {
  const { api } = useServices()
  const { busy, error, run } = useAction()
  const { reference, at, code, reason } = version
  return (
    <li>
      <div class="row refused-row">
        <code>{reference}</code>
        <span class="refused-why">
          {reason} <span class="quiet">({code})</span>
        </span>
        <span class="quiet">
          <Moment iso={at} />
        </span>
        {useMayDeploy() && (
          <button
            type="button"
            class="link"
            disabled={busy}
            aria-label={`Let it try again: ${reference}`}
            onClick={() => run(() => api.post(PATHS.allowVersion, { reference }).then(onChange))}
          >
            Let it try again
          </button>
        )}
      </div>
      {error !== null && <Notice error={error} />}
    </li>
  )
}
