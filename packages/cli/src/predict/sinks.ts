// Where scored rows go: JSONL, CSV, a table, or whichever of them suits how many there are.
import type { Writable } from 'node:stream'
import { createRowWriter } from '@renown/files'
import { SENTIMENTS } from '@renown/reputation'
import { fitText } from '../format/table.ts'
import { writeAll } from '../io.ts'
import type { OutputFormat } from './plan-predict.ts'
import type { PredictionColumns } from './prediction-columns.ts'
import type { ScoredRow } from './score-chunks.ts'

export interface Sink {
  write(rows: readonly ScoredRow[]): Promise<void>
  end(): Promise<void>
}

export interface SinkOptions {
  readonly columns: PredictionColumns
  /** Cells of a terminal's line. */
  readonly width: number
}

/** Few enough to be looked at. */
const TABLE_ROWS = 40

export function createSink(out: Writable, format: OutputFormat | 'auto', options: SinkOptions): Sink {
  if (format === 'table') return createTableSink(out, options.width)
  if (format === 'auto') return createAutoSink(out, options)
  return createRowSink(out, format, options.columns)
}

function createRowSink(out: Writable, format: 'csv' | 'jsonl', columns: PredictionColumns): Sink {
  const writer = createRowWriter(out, format, columns.all)
  return {
    async write(rows) {
      for (const row of rows) {
        const full = writer.write(columns.toRecord(row))
        if (full !== undefined) await full
      }
      // Whoever reads may be waiting for these very rows.
      await writer.flush()
    },
    end: () => writer.end(),
  }
}

/** Columns of fixed width, so that rows can be shown as they come; the text takes what is left of the line. */
function createTableSink(out: Writable, width: number): Sink {
  const textWidth = Math.max(20, width - HEAD.length - 1)
  let isFirst = true
  return {
    async write(rows) {
      const lines = rows.map((row) => tableLine(row, textWidth))
      if (isFirst && lines.length > 0) lines.unshift(`${HEAD} text`)
      isFirst &&= lines.length === 0
      if (lines.length > 0) await writeAll(out, `${lines.join('\n')}\n`)
    },
    end: async () => {},
  }
}

const HEAD = `label     score  ${SENTIMENTS.map((label) => label.padStart(8)).join('  ')} `

function tableLine({ row, answer }: ScoredRow, textWidth: number): string {
  const scores = SENTIMENTS.map((label) => answer.scores[label].toFixed(3).padStart(8)).join('  ')
  return `${answer.label.padEnd(8)}  ${answer.score.toFixed(3)}  ${scores}  ${fitText(row.text, textWidth)}`
}

/** A table if the input ends while there are few rows; JSONL otherwise. */
function createAutoSink(out: Writable, options: SinkOptions): Sink {
  const first: ScoredRow[] = []
  let rest: Sink | null = null
  return {
    async write(rows) {
      if (rest !== null) return await rest.write(rows)
      first.push(...rows)
      if (first.length <= TABLE_ROWS) return
      rest = createRowSink(out, 'jsonl', options.columns)
      await rest.write(first.splice(0))
    },
    async end() {
      const last = rest ?? createTableSink(out, options.width)
      await last.write(first)
      await last.end()
    },
  }
}
