// The rows that were left out: how many, why, and the file of them.
import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { rejectsPath } from '../../api/paths.ts'
import type { Scoring } from '../../api/types.ts'
import { useServices } from '../../app/context.tsx'
import { formatCount, formatNoun } from '../../format/number.ts'
import { oneLine } from '../../format/text.ts'
import { groupRejects, type RejectGroup, type RejectSample, readLines } from './reject-groups.ts'

/** So many rejected rows are read for their reasons; the download has all of them. */
const SAMPLE = 500

export function Rejects({ scoring }: { scoring: Scoring }): VNode | null {
  const rejected = scoring.summary?.rejected ?? scoring.progress.rejected
  const sample = useRejects(scoring.id, rejected > 0)
  if (rejected === 0) return null
  return (
    <section class="block" aria-labelledby="rejects-heading">
      <h2 id="rejects-heading">{formatNoun(rejected, 'row')} left out</h2>
      <p class="quiet">
        They are in none of the numbers above.{' '}
        <a href={rejectsPath(scoring.id, 'csv')} download>
          Download these rows
        </a>
      </p>
      {sample !== null && sample.groups.length > 0 && (
        <ul class="rows">
          {sample.groups.map((group) => (
            <RejectRow key={group.code} group={group} />
          ))}
        </ul>
      )}
      {sample !== null && sample.read < rejected && (
        <p class="quiet">Reasons of the first {formatCount(sample.read)} rows that were left out.</p>
      )}
    </section>
  )
}

function RejectRow({ group }: { group: RejectGroup }): VNode {
  const lines = group.lines.map(formatCount).join(', ')
  return (
    <li class="row reject-row">
      <span class="figure">{formatNoun(group.count, 'row')}</span>
      <span>
        {oneLine(group.reason)} <code class="quiet">{group.code}</code>
      </span>
      <span class="quiet figure">
        {group.lines.length === 1 ? 'line' : 'lines'} {lines}
        {group.count > group.lines.length ? ', …' : ''}
      </span>
    </li>
  )
}

function useRejects(id: string, wanted: boolean): RejectSample | null {
  const { api } = useServices()
  const [sample, setSample] = useState<RejectSample | null>(null)
  useEffect(() => {
    if (!wanted) return
    const controller = new AbortController()
    api
      .open(rejectsPath(id, 'jsonl'), controller.signal)
      .then(async (response) => setSample(groupRejects(await readLines(response, SAMPLE))))
      // Without the reasons there are still the count and the download.
      .catch(() => setSample(null))
    return () => controller.abort()
  }, [api, id, wanted])
  return sample
}
