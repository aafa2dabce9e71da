// A post to score, or a row that can't be scored, whatever it came from.
export interface InputRow {
  /** Null where there is one input only. */
  readonly file: string | null
  readonly line: number
  readonly text: string
  readonly date: Date | null
  /** The row as it came in. */
  readonly values: Readonly<Record<string, unknown>>
}

export interface InputReject {
  readonly file: string | null
  readonly line: number
  readonly code: string
  readonly reason: string
}

export type InputItem = InputRow | InputReject

export function isReject(item: object): item is InputReject {
  return 'reason' in item
}

/** At most so many rows go to the classifier at once, */
export const CHUNK_ROWS = 512
/** or fewer, where they are long. */
export const CHUNK_CHARS = 1_000_000
