// A scoring on its way: how far, how fast, how long, and a way to stop it.
import type { VNode } from 'preact'
import { useRef, useState } from 'preact/hooks'
import { type ApiError, asApiError } from '../../api/errors.ts'
import type { Scoring } from '../../api/types.ts'
import { Notice } from '../../components/notice.tsx'
import { ProgressBar } from '../../components/progress-bar.tsx'
import { describeProgress, describeRows, progressShare } from '../../sentence/progress.ts'

interface Props {
  readonly scoring: Scoring
  readonly since: number | null
  onCancel(): Promise<void>
}

export function RunningView({ scoring, since, onCancel }: Props): VNode {
  const [error, setError] = useState<ApiError | null>(null)
  const { progress } = scoring
  const share = progressShare(progress)
  const runningMs = since === null ? 0 : performance.now() - since
  return (
    <section class="card running" aria-label="Progress">
      <p class="running-words">{scoring.status === 'queued' ? 'Waits for its turn' : 'Scoring'}</p>
      <ProgressBar share={scoring.status === 'queued' ? 0 : share} name="Scoring" />
      <p class="figure">{describeProgress(progress, runningMs)}</p>
      <p class="quiet">{describeRows(progress)}. You may close this page: it goes on.</p>
      <button
        type="button"
        class="button"
        onClick={() => onCancel().catch((reason: unknown) => setError(asApiError(reason)))}
      >
        Cancel
      </button>
      {error !== null && <Notice error={error} meaning="It still runs." />}
      <Spoken share={share} />
    </section>
  )
}

/** Every tenth of the way is said once. */
function Spoken({ share }: { share: number | null }): VNode {
  const tenth = useRef(0)
  if (share !== null) tenth.current = Math.floor(share * 10)
  return (
    <p class="unseen" role="status">
      {tenth.current > 0 ? `${tenth.current * 10} percent read` : 'Scoring has started'}
    </p>
  )
}
