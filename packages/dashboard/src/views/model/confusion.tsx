// What the model called the posts of each label: counts, and the share of the row as shade.
import type { VNode } from 'preact'
import { TableBox } from '../../components/table-box.tsx'
import { formatCount, formatShare } from '../../format/number.ts'

interface Props {
  /** Rows: what people said. Columns: what the model said. */
  readonly matrix: readonly (readonly number[])[]
  readonly labels: readonly string[]
  readonly caption?: string
  /** What the rows are. */
  readonly rows?: string
}

export function Confusion({ matrix, labels, caption = 'What it called them', rows = 'People said' }: Props): VNode {
  return (
    <TableBox name={caption}>
      <table class="table is-figures confusion">
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{rows}</th>
            {labels.map((label) => (
              <th key={label} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {matrix.map((row, index) => (
            <tr key={labels[index]}>
              <th scope="row">{labels[index]}</th>
              {row.map((count, column) => (
                <ConfusionCell key={labels[column]} count={count} total={sum(row)} right={column === index} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </TableBox>
  )
}

function ConfusionCell({ count, total, right }: { count: number; total: number; right: boolean }): VNode {
  const share = total === 0 ? 0 : count / total
  return (
    <td class={right ? 'is-right' : ''}>
      <span class="shade" style={{ opacity: share * 0.22 }} />
      <span class="cell">
        {formatCount(count)} <span class="quiet">{total === 0 ? '–' : formatShare(share)}</span>
      </span>
    </td>
  )
}

function sum(row: readonly number[]): number {
  return row.reduce((total, count) => total + count, 0)
}
