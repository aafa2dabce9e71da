// What every reader of UTF-8 text does: bytes go in, chunk by chunk, and outcomes come out.
import type { FileLimits } from './limits.ts'
import type { RejectedRow, RowOutcome } from './rows.ts'

export interface TextParser {
  push(chunk: Uint8Array): RowOutcome[]
  end(): RowOutcome[]
  /** Known once the first rows are there. */
  columns(): readonly string[]
  repairedRows(): number
}

/** What a splitter's handlers have made of the bytes so far. */
export class Outcomes {
  #ready: RowOutcome[] = []
  #repaired = 0

  get repaired(): number {
    return this.#repaired
  }

  add(outcome: RowOutcome): void {
    this.#ready.push(outcome)
  }

  /** A row in which bytes had to be replaced. */
  countRepaired(): void {
    this.#repaired++
  }

  take(): RowOutcome[] {
    const ready = this.#ready
    this.#ready = []
    return ready
  }
}

export interface Splitter {
  push(chunk: Uint8Array): void
  end(): void
}

/** A parser over a splitter whose handlers add to `outcomes`. */
export function parserOver(splitter: Splitter, outcomes: Outcomes, columns: () => readonly string[]): TextParser {
  return {
    push(chunk) {
      splitter.push(chunk)
      return outcomes.take()
    },
    end() {
      splitter.end()
      return outcomes.take()
    },
    columns,
    repairedRows: () => outcomes.repaired,
  }
}

/** A rejection where one of the row's own strings is over the limit, else null. */
export function rejectLongField(
  values: Readonly<Record<string, unknown>>,
  line: number,
  limits: FileLimits,
): RejectedRow | null {
  for (const [column, value] of Object.entries(values)) {
    if (typeof value === 'string' && isLonger(value, limits.fieldBytes)) {
      return { line, code: 'FIELD_TOO_LONG', reason: `Field "${column}" is longer than ${limits.fieldBytes} bytes.` }
    }
  }
  return null
}

/** A UTF-16 unit takes one to three bytes in UTF-8, so most strings need no counting. */
function isLonger(value: string, bytes: number): boolean {
  return value.length * 3 > bytes && (value.length > bytes || Buffer.byteLength(value) > bytes)
}
