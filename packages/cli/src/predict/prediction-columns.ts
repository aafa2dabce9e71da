// The columns that a prediction adds to a row.
import { SENTIMENTS } from '@renown/reputation'
import type { ScoredRow } from './score-chunks.ts'

const PREDICTION_COLUMNS = ['label', 'score', ...SENTIMENTS, 'windows'] as const

/** Set before a name that the file has already, as in the server's downloads. */
const PREFIX = 'renown_'

export interface PredictionColumns {
  /** All columns of a result, in order. */
  readonly all: readonly string[]
  toRecord(scored: ScoredRow): Record<string, unknown>
}

/** Columns of the input stay as they are; `file` comes first where there are several files. */
export function planPredictionColumns(inputColumns: readonly string[], hasFiles: boolean): PredictionColumns {
  const taken = new Set(inputColumns)
  const names = PREDICTION_COLUMNS.map((name) => freeName(name, taken))
  const fileColumn = hasFiles ? freeName('file', taken) : null
  return {
    all: [...(fileColumn === null ? [] : [fileColumn]), ...inputColumns, ...names],
    toRecord({ row, answer }) {
      const record: Record<string, unknown> = fileColumn === null ? {} : { [fileColumn]: row.file }
      Object.assign(record, row.values)
      const values = [answer.label, answer.score, ...SENTIMENTS.map((label) => answer.scores[label])]
      for (const [index, value] of values.entries()) {
        record[names[index] as string] = typeof value === 'number' ? roundScore(value) : value
      }
      record[names.at(-1) as string] = answer.windows
      return record
    },
  }
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  return taken.has(name) ? freeName(PREFIX + name, taken) : name
}

/** Six decimals: finer differences are noise of the arithmetic. */
function roundScore(score: number): number {
  return Math.round(score * 1e6) / 1e6
}
