// The data report as tables of the training's report.
import type { DataReport } from '@renown/ml'
import type { ReportTable } from '@renown/models'

/** Posts by label, lengths, duplicates, leaks. */
export function tabulateData(report: DataReport): readonly ReportTable[] {
  const { splits, labels, leaks } = report
  const leaking = (split: string): number => leaks.find((found) => found.split === split)?.leaks.length ?? 0
  return [
    {
      title: 'Posts by label',
      columns: ['split', 'posts', ...labels],
      rows: splits.map(({ split, rows, counts }) => [split, rows, ...counts]),
    },
    {
      title: 'Texts',
      note: 'Tokens of the prepared texts, special tokens included. Leaks are training posts that equal, or nearly equal, a post of the split.',
      columns: ['split', 'median tokens', '99 % below', 'longest', 'cut', 'in equal groups', 'in near groups', 'leaks'],
      rows: splits.map(({ split, tokens, truncated, exact, near }) => [
        split,
        tokens?.median ?? 0,
        tokens?.p99 ?? 0,
        tokens?.largest ?? 0,
        truncated?.count ?? 0,
        exact.rows,
        near.rows,
        split === 'train' ? '' : leaking(split),
      ]),
    },
  ]
}
