// A time as "3 min ago", with the full time in the reader's zone on hover.
import type { VNode } from 'preact'
import { useNow } from '../app/hooks.ts'
import { formatAgo, formatMoment } from '../format/time.ts'

export function Moment({ iso }: { iso: string }): VNode {
  const now = useNow()
  const date = new Date(iso)
  if (Number.isNaN(date.getTime())) return <span>{iso}</span>
  return (
    <time dateTime={iso} title={formatMoment(date)}>
      {formatAgo(date, now)}
    </time>
  )
}
