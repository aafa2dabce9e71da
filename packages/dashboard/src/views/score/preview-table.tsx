// The first rows as they stand in the file, with the chosen columns marked.
import type { VNode } from 'preact'
import type { Scoring } from '../../api/types.ts'
import { TableBox } from '../../components/table-box.tsx'
import { oneLine } from '../../format/text.ts'
import { type Chosen, ROLES } from './roles.ts'

export function PreviewTable({ scoring, chosen }: { scoring: Scoring; chosen: Chosen }): VNode | null {
  const rows = scoring.preview ?? []
  if (rows.length === 0) return null
  const roleOf = (column: string): string | null => ROLES.find(({ role }) => chosen[role] === column)?.name ?? null
  return (
    <TableBox name="The first rows of the file">
      <table class="table">
        <caption>First rows</caption>
        <thead>
          <tr>
            {scoring.columns.map((column) => (
              <th key={column} scope="col" class={roleOf(column) === null ? '' : 'is-chosen'}>
                <bdi>{oneLine(column, 40)}</bdi>
                {roleOf(column) !== null && <span class="role">{roleOf(column)}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {scoring.columns.map((column) => (
                <td key={column} class={roleOf(column) === null ? '' : 'is-chosen'}>
                  <bdi>{oneLine(row[column] ?? '')}</bdi>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </TableBox>
  )
}
