// Precision, recall and F1 of each label.
import type { VNode } from 'preact'
import type { ClassMetrics } from '../../api/types.ts'
import { TableBox } from '../../components/table-box.tsx'
import { formatCount, formatScore } from '../../format/number.ts'

export function PerClass({ classes }: { classes: readonly ClassMetrics[] }): VNode {
  return (
    <TableBox name="Scores of each label">
      <table class="table is-figures">
        <caption>By label</caption>
        <thead>
          <tr>
            <th scope="col">Label</th>
            <th scope="col">
              <abbr title="Of the posts that it calls so, the share that are">Precision</abbr>
            </th>
            <th scope="col">
              <abbr title="Of the posts that are so, the share that it finds">Recall</abbr>
            </th>
            <th scope="col">F1</th>
            <th scope="col">Posts</th>
          </tr>
        </thead>
        <tbody>
          {classes.map(({ label, precision, recall, f1, support }) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              <td>{formatScore(precision)}</td>
              <td>{formatScore(recall)}</td>
              <td>{formatScore(f1)}</td>
              <td>{formatCount(support)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableBox>
  )
}
