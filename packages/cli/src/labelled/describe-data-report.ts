// A data report as lines for a terminal.
import type { DataReport, DataWarning, GroupSummary, SplitName, SplitReport } from '@renown/ml'
import { formatCount, formatShare } from '../format/numbers.ts'
import { cleanText, formatTable } from '../format/table.ts'
import type { RowPlace } from './labelled-data-set.ts'

export interface DescribeReportOptions {
  /** Where a row came from. */
  placeOf(split: SplitName, row: number): RowPlace
}

/** The tables of labels, lengths and duplicates, then a line for each warning with the first rows that it is about. */
export function describeDataReport(report: DataReport, options: DescribeReportOptions): string[] {
  const blocks = [describeLabels(report), describeLengths(report.splits), describeDuplicates(report)]
  const decoded = describeCoding(report)
  const warnings = report.warnings.map((warning) => describeWarning(warning, options))
  return [...blocks, [...decoded, ...warnings].join('\n')]
    .filter((block) => block !== '')
    .flatMap((block, index) => [...(index === 0 ? [] : ['']), ...block.split('\n')])
}

function describeLabels({ splits, labels }: DataReport): string {
  const rows = labels.map((label, index) => [
    cleanText(label),
    ...splits.flatMap(({ counts, rows: total }) => {
      const count = counts[index] ?? 0
      return [formatCount(count), formatShare(count / Math.max(1, total))]
    }),
  ])
  const totals = ['rows', ...splits.flatMap(({ rows: total }) => [formatCount(total), ''])]
  return formatTable(['Label', ...splits.flatMap(({ split }) => [split, ''])], [...rows, totals])
}

function describeLengths(splits: readonly SplitReport[]): string {
  const characters = splits.map(({ split, characters: { median, p99, largest } }) => [
    `${split}, characters`,
    ...[median, p99, largest].map(formatCount),
    '',
  ])
  const tokens = splits.flatMap(({ split, rows, tokens: spread, truncated }) => {
    if (spread === null) return []
    const cut = truncated === null ? '' : formatShare(truncated.count / Math.max(1, rows))
    return [[`${split}, tokens`, ...[spread.median, spread.p99, spread.largest].map(formatCount), cut]]
  })
  return formatTable(['Length', 'median', '99 %', 'longest', 'cut off'], [...characters, ...tokens])
}

function describeDuplicates({ splits, leaks }: DataReport): string {
  const inside = splits.map(({ split, exact, near }) => [
    `inside ${split}`,
    formatCount(exact.rows),
    formatCount(near.rows),
    formatCount(contradicting(exact, near)),
  ])
  const across = leaks.map(({ split, leaks: found }) => {
    const exact = found.filter(({ kind }) => kind === 'exact').length
    return [`train and ${split}`, formatCount(exact), formatCount(found.length - exact), '']
  })
  return formatTable(['Duplicates', 'equal rows', 'nearly equal', 'groups of several labels'], [...inside, ...across])
}

function contradicting(exact: GroupSummary, near: GroupSummary): number {
  return exact.contradicting + near.contradicting
}

/** What the warnings don't tell of: what preparation decodes. */
function describeCoding({ splits, warnings }: DataReport): string[] {
  if (warnings.some(({ code }) => code === 'NOT_DECODED')) return []
  return splits.flatMap(({ split, escapes, entities }) => {
    if (escapes.count + entities.count === 0) return []
    return `${split}: literal escapes (\\u2019) in ${formatCount(escapes.count)} rows and HTML entities (&amp;) in ${formatCount(entities.count)} are decoded`
  })
}

function describeWarning({ message, split, rows, count }: DataWarning, { placeOf }: DescribeReportOptions): string {
  const sentence = `Warning: ${cleanText(message)}`
  if (rows.length === 0) return sentence
  const places = rows.map((row) => placeOf(split, row))
  const files = [...new Set(places.map(({ file }) => file))]
  const listed = files.map((file) => {
    const own = places.filter((place) => place.file === file).map(({ row }) => row)
    return `${cleanText(file)}: ${own.join(', ')}`
  })
  return `${sentence} (${listed.join('; ')}${count > rows.length ? ', …' : ''})`
}
