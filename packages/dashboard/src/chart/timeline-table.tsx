// The numbers behind the chart, to read and to copy.
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import type { TimelineUnit } from '../api/types.ts'
import { TableBox } from '../components/table-box.tsx'
import { formatCount, formatPoints, formatRange } from '../format/number.ts'
import { formatBucket } from '../format/time.ts'
import { copyText } from './copy.ts'
import type { Point } from './points.ts'

interface Props {
  readonly points: readonly Point[]
  readonly unit: TimelineUnit
  onOpen(from: string, to: string): void
}

const HEADS = ['Period (UTC)', 'Posts', 'Negative', 'Neutral', 'Positive', 'Net', '95% interval'] as const

export function TimelineTable({ points, unit, onOpen }: Props): VNode {
  const [copied, setCopied] = useState<boolean | null>(null)
  return (
    <div class="numbers">
      <button type="button" class="button" onClick={() => void copyText(toTsv(points)).then(setCopied)}>
        Copy the table
      </button>
      <span class="quiet" role="status">
        {copied === null ? '' : copied ? ' Copied.' : ' Your browser did not allow it.'}
      </span>
      <TableBox name="Numbers over time" tall>
        <table class="table is-figures">
          <caption class="unseen">Net sentiment and posts by {unit}</caption>
          <thead>
            <tr>
              {HEADS.map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {points.map((point) => (
              <Row key={point.start} point={point} unit={unit} onOpen={onOpen} />
            ))}
          </tbody>
        </table>
      </TableBox>
    </div>
  )
}

function Row({ point, unit, onOpen }: Omit<Props, 'points'> & { point: Point }): VNode {
  const { bucket } = point
  const from = new Date(point.start * 1000)
  return (
    <tr>
      <th scope="row">{formatBucket(from, unit)}</th>
      <td>
        {bucket.n === 0 ? (
          0
        ) : (
          <button
            type="button"
            class="link"
            aria-label={`${formatCount(bucket.n)} posts, ${formatBucket(from, unit)}`}
            onClick={() => onOpen(from.toISOString(), new Date(point.end * 1000).toISOString())}
          >
            {formatCount(bucket.n)}
          </button>
        )}
      </td>
      <td>{formatCount(bucket.negative)}</td>
      <td>{formatCount(bucket.neutral)}</td>
      <td>{formatCount(bucket.positive)}</td>
      <td>{bucket.net === null ? '–' : formatPoints(bucket.net.points)}</td>
      <td>{bucket.net === null ? '–' : formatRange(bucket.net)}</td>
    </tr>
  )
}

/** Tab-separated with plain numbers, as spreadsheets like it. */
export function toTsv(points: readonly Point[]): string {
  const head = ['start', 'posts', 'negative', 'neutral', 'positive', 'net', 'low', 'high'].join('\t')
  const rows = points.map(({ bucket: { start, n, negative, neutral, positive, net } }) =>
    [start, n, negative, neutral, positive, ...(net === null ? ['', '', ''] : [net.points, net.low, net.high])].join(
      '\t',
    ),
  )
  return `${[head, ...rows].join('\n')}\n`
}
