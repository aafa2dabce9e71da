// A source that is read once: batches of outcomes, checked, abortable, released whatever happens.
import { FilesError } from './errors.ts'
import type { FileFormat, ReadOptions, RowOutcome, RowSource, SourceRow } from './rows.ts'
import { cellText, isRejectedRow } from './rows.ts'

export interface SourceParts {
  readonly format: FileFormat
  readonly gzip: boolean
  readonly delimiter: string | null
  readonly columns: readonly string[]
  readonly bytesTotal: number | null
  encoding(): string | null
  bytesRead(): number
  repairedRows(): number
  /** What was read already to learn the columns; comes first. */
  readonly pending: readonly RowOutcome[]
  /** What follows. */
  readonly outcomes: AsyncGenerator<RowOutcome[]>
  /** Breaks off a read that is under way. */
  destroy(reason?: Error): Promise<void>
}

const SAMPLE_ROWS = 100
const ROWS_PER_BATCH = 1000

export function createRowSource(parts: SourceParts): RowSource {
  let used = false
  let closed: Promise<void> | null = null

  function close(reason?: Error): Promise<void> {
    closed ??= parts.destroy(reason).then(() =>
      parts.outcomes.return(undefined).then(
        () => {},
        () => {},
      ),
    )
    return closed
  }

  async function* batches(size: number, options: ReadOptions = {}): AsyncGenerator<RowOutcome[], void, undefined> {
    if (used || closed !== null) throw new FilesError('ALREADY_READ', 'A source can be read once; open the file again.')
    used = true
    const { signal, textColumn } = options
    const onAbort = (): void => {
      close(signal?.reason instanceof Error ? signal.reason : undefined).catch(() => {})
    }
    signal?.addEventListener('abort', onAbort, { once: true })
    try {
      checkColumn(parts.columns, textColumn)
      for await (const outcomes of withPending(parts)) {
        signal?.throwIfAborted()
        const checked = textColumn === undefined ? outcomes : outcomes.map((row) => requireText(row, textColumn))
        yield* slices(checked, Math.max(1, size))
      }
      signal?.throwIfAborted()
    } catch (cause) {
      signal?.throwIfAborted()
      throw cause
    } finally {
      signal?.removeEventListener('abort', onAbort)
      await close()
    }
  }

  return {
    format: parts.format,
    gzip: parts.gzip,
    delimiter: parts.delimiter,
    columns: parts.columns,
    bytesTotal: parts.bytesTotal,
    get encoding() {
      return parts.encoding()
    },
    sample: parts.pending.filter((row): row is SourceRow => !isRejectedRow(row)).slice(0, SAMPLE_ROWS),
    bytesRead: parts.bytesRead,
    repairedRows: parts.repairedRows,
    batches,
    async *rows(options) {
      for await (const batch of batches(ROWS_PER_BATCH, options)) yield* batch
    },
    close: () => close(),
  }
}

async function* withPending(parts: SourceParts): AsyncGenerator<readonly RowOutcome[]> {
  if (parts.pending.length > 0) yield parts.pending
  yield* parts.outcomes
}

function* slices(outcomes: readonly RowOutcome[], size: number): Generator<RowOutcome[]> {
  for (let start = 0; start < outcomes.length; start += size) yield outcomes.slice(start, start + size)
}

function checkColumn(columns: readonly string[], column: string | undefined): void {
  if (column === undefined || columns.includes(column)) return
  throw new FilesError('COLUMN_NOT_FOUND', `There is no column "${column}"; there are: ${columns.join(', ')}.`)
}

function requireText(row: RowOutcome, column: string): RowOutcome {
  if (isRejectedRow(row)) return row
  const text = cellText(row.values[column])
  if (text === null) return { line: row.line, code: 'TEXT_MISSING', reason: `The row has no "${column}".` }
  if (text.trim() === '') return { line: row.line, code: 'TEXT_EMPTY', reason: `"${column}" is empty.` }
  return row
}
