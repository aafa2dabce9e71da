// The scorings of the last day, each to open or to delete.
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { type ApiError, asApiError } from '../../api/errors.ts'
import { PATHS, scoringPath } from '../../api/paths.ts'
import type { Scoring, ScoringList } from '../../api/types.ts'
import { useServices } from '../../app/context.tsx'
import { useDelayed, useNow, useResource } from '../../app/hooks.ts'
import { formatRoute } from '../../app/route.ts'
import { ConfirmButton } from '../../components/confirm-button.tsx'
import { Moment } from '../../components/moment.tsx'
import { Notice } from '../../components/notice.tsx'
import { Skeleton } from '../../components/skeleton.tsx'
import { formatNet, formatNoun } from '../../format/number.ts'
import { formatUntil } from '../../format/time.ts'
import { describeCounts } from '../../sentence/summary.ts'

export function RecentScorings(): VNode {
  const list = useResource<ScoringList>(PATHS.scorings)
  const waiting = useDelayed(list.loading && list.data === null)
  const scorings = list.data?.scorings
  return (
    <section class="recent" aria-labelledby="recent-heading">
      <h2 id="recent-heading" class="small-heading">
        Scored in the last day
      </h2>
      {waiting && <Skeleton lines={2} name="Loading the list" />}
      {list.error !== null && <Notice error={list.error} meaning="The list below may be out of date." />}
      {scorings?.length === 0 && <p class="quiet">Nothing yet. Files that you score are listed here for a day.</p>}
      {scorings !== undefined && scorings.length > 0 && (
        <ul class="rows">
          {scorings.map((scoring) => (
            <RecentRow key={scoring.id} scoring={scoring} onDeleted={list.reload} />
          ))}
        </ul>
      )}
    </section>
  )
}

function RecentRow({ scoring, onDeleted }: { scoring: Scoring; onDeleted: () => void }): VNode {
  const { api } = useServices()
  const now = useNow()
  const [error, setError] = useState<ApiError | null>(null)

  async function remove(): Promise<void> {
    try {
      await api.remove(scoringPath(scoring.id))
      onDeleted()
    } catch (reason) {
      setError(asApiError(reason))
    }
  }

  return (
    <li>
      <div class="row recent-row">
        <a class="recent-name clip" href={formatRoute({ view: 'scoring', id: scoring.id, posts: null })}>
          <bdi>{scoring.file.name}</bdi>
        </a>
        <span class="recent-state">{describeState(scoring)}</span>
        <span class="quiet recent-time">
          <Moment iso={scoring.created_at} />, removed {formatUntil(new Date(scoring.expires_at), now)}
        </span>
        <ConfirmButton
          words="Delete"
          question="Delete for good"
          name={scoring.file.name}
          onConfirm={() => void remove()}
        />
      </div>
      {error !== null && <Notice error={error} meaning="It was not deleted." />}
    </li>
  )
}

function describeState(scoring: Scoring): string {
  switch (scoring.status) {
    case 'ready':
      return 'Waits for you to choose columns'
    case 'queued':
      return 'Waits for its turn'
    case 'running':
      return `Running, ${formatNoun(scoring.progress.rows, 'row')} read`
    case 'failed':
      return 'Failed'
    case 'cancelled':
      return 'Cancelled'
    case 'done':
      return describeDone(scoring)
  }
}

function describeDone({ summary, progress }: Scoring): string {
  if (summary === null) return formatNoun(progress.scored, 'post')
  if (summary.net === null || summary.too_few) return describeCounts(summary.split)
  return `Net ${formatNet(summary.net)} over ${formatNoun(summary.net.n, 'post')}`
}
