// Scores a file row by row: reads ahead while the engine works, writes results as they come, in the order of the file.
import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import type { ColumnMapping } from '@renown/contract'
import {
  cellText,
  dateOrder,
  isRejectedRow,
  openRows,
  parseDate,
  type RowOutcome,
  type RowSource,
  type SourceRow,
} from '@renown/files'
import { type Classifier, type ClassifyOutcome, isRefusal } from '@renown/reputation'
import { codeOf } from '../errors.ts'
import type { RunCounts } from './progress.ts'
import type { ScoringWriter } from './scoring-writer.ts'

const ROWS_AT_ONCE = 512
/** Chunks that wait for the engine: one runs, the next is ready, one is being read. */
const AHEAD = 3
const TRIES = 3
const PAUSE_MS = 500

export interface RunInput {
  readonly path: string
  readonly name: string
  readonly mapping: ColumnMapping
  readonly classifier: Classifier
  readonly writer: ScoringWriter
  readonly counts: RunCounts
  readonly signal: AbortSignal
  /** After each chunk that was written. */
  onChunk(outcomes: readonly ClassifyOutcome[]): Promise<void>
}

/** Resolves when the whole file is scored; rejects with what stopped it. What was written until then is consistent. */
export async function runScoring(input: RunInput): Promise<void> {
  const source = await openRows(input.path, { name: input.name })
  input.counts.bytesTotal = source.bytesTotal
  try {
    await scoreSource(source, input)
  } finally {
    await source.close()
  }
}

interface Chunk {
  readonly outcomes: readonly RowOutcome[]
  readonly answers: Promise<readonly ClassifyOutcome[]>
  readonly bytesRead: number
}

async function scoreSource(source: RowSource, input: RunInput): Promise<void> {
  const parse = createDateParser(source, input.mapping)
  const waiting: Chunk[] = []
  for await (const outcomes of source.batches(ROWS_AT_ONCE, { signal: input.signal, textColumn: input.mapping.text })) {
    waiting.push({ outcomes, answers: classifyRows(outcomes, input), bytesRead: source.bytesRead() })
    if (waiting.length >= AHEAD) await writeNext(waiting, input, parse)
    // Answers from the cache come without a turn of the event loop: requests get theirs here.
    await setImmediate()
  }
  while (waiting.length > 0) await writeNext(waiting, input, parse)
  input.counts.bytesRead = source.bytesRead()
}

function classifyRows(outcomes: readonly RowOutcome[], input: RunInput): Promise<readonly ClassifyOutcome[]> {
  const texts = outcomes.filter(isSourceRow).map((row) => textOf(row, input.mapping))
  const answers = classifyPatiently(texts, input)
  // Chunks behind one that fails are never awaited.
  answers.catch(() => undefined)
  return answers
}

/** A worker that died is replaced: a chunk that it took along gets another chance. */
async function classifyPatiently(texts: readonly string[], input: RunInput): Promise<readonly ClassifyOutcome[]> {
  for (let tried = 1; ; tried++) {
    try {
      return await input.classifier.classify(texts, { priority: 'bulk', whenFull: 'wait', signal: input.signal })
    } catch (error) {
      if (codeOf(error) !== 'WORKER_FAILED' || tried === TRIES) throw error
      await sleep(PAUSE_MS, undefined, { signal: input.signal })
    }
  }
}

async function writeNext(waiting: Chunk[], input: RunInput, parse: DateParser): Promise<void> {
  const chunk = waiting.shift()
  if (chunk === undefined) return
  const answers = await chunk.answers
  const { counts, writer, mapping } = input
  let at = 0
  for (const row of chunk.outcomes) {
    counts.rows++
    const rejected = isRejectedRow(row) ? row : addAnswer(row, answers[at++], writer, counts, parse(row, mapping))
    if (rejected === null) continue
    counts.rejected++
    writer.reject(rejected)
  }
  await writer.flush()
  counts.bytesRead = chunk.bytesRead
  await input.onChunk(answers)
}

interface Rejection {
  readonly line: number
  readonly code: string
  readonly reason: string
}

function addAnswer(
  row: SourceRow,
  answer: ClassifyOutcome | undefined,
  writer: ScoringWriter,
  counts: RunCounts,
  date: Date | null,
): Rejection | null {
  if (answer === undefined) throw new Error('expected one answer for each text')
  if (isRefusal(answer)) return { line: row.line, code: answer.error.code, reason: answer.error.message }
  counts.scored++
  if (answer.cached) counts.cached++
  writer.add(row, date, answer)
  return null
}

function isSourceRow(row: RowOutcome): row is SourceRow {
  return !isRejectedRow(row)
}

function textOf(row: SourceRow, mapping: ColumnMapping): string {
  return (cellText(row.values[mapping.text]) ?? '').toWellFormed()
}

type DateParser = (row: SourceRow, mapping: ColumnMapping) => Date | null

function createDateParser(source: RowSource, { date }: ColumnMapping): DateParser {
  if (date === null || date === undefined) return () => null
  const order = dateOrder(source.sample.map((row) => row.values[date]))
  return (row) => parseDate(row.values[date], order)
}
