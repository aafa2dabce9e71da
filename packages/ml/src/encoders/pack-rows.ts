// Several texts a row: which text goes where, and the tensors that say so.

/** Where each sequence stands. */
export interface RowPlan {
  readonly rows: number
  readonly length: number
  /** Row of each sequence. */
  readonly row: Int32Array
  /** Where in its row each sequence begins. */
  readonly offset: Int32Array
}

/** Row lengths that are tried, beside that of the longest sequence; longer rows waste less at their ends but attend further. */
const ROW_LENGTHS = [48, 64, 80, 96, 128] as const
/** A slot's work is about width · 12 multiplications by weights and 2 · length of attention, which cost several times as much each. */
const ATTENTION_WEIGHT = 10
const PRODUCT_WEIGHT = 12

/** First-fit decreasing (Johnson 1973): the longest first, each in the first row with room. */
function fillRows(lengths: readonly number[], order: readonly number[], length: number): RowPlan {
  const row = new Int32Array(lengths.length)
  const offset = new Int32Array(lengths.length)
  const used: number[] = []
  for (const index of order) {
    const size = lengths[index]!
    let at = used.findIndex((filled) => filled + size <= length)
    if (at === -1) at = used.push(0) - 1
    row[index] = at
    offset[index] = used[at]!
    used[at]! += size
  }
  return { rows: used.length, length: Math.max(...used), row, offset }
}

function cost(plan: RowPlan, width: number): number {
  return plan.rows * plan.length * (PRODUCT_WEIGHT * width + ATTENTION_WEIGHT * plan.length)
}

/**
 * Lays sequences in rows so that the least work is wasted on padding and on attention across texts.
 * @param lengths tokens of each sequence, at least one sequence
 * @param width the encoder's hidden size
 */
export function planRows(lengths: readonly number[], width: number): RowPlan {
  const order = lengths.map((_, index) => index).sort((a, b) => lengths[b]! - lengths[a]!)
  const longest = lengths[order[0]!]!
  const candidates = [longest, ...ROW_LENGTHS.filter((length) => length > longest)]
  const plans = candidates.map((length) => fillRows(lengths, order, length))
  return plans.reduce((best, plan) => (cost(plan, width) < cost(best, width) ? plan : best))
}

/** The packed graph's inputs, all int32. */
export interface PackedRows {
  readonly inputIds: Int32Array // [rows, length]
  readonly positionIds: Int32Array // [rows, length]
  /** 0 is padding, i + 1 the tokens of sequence i. */
  readonly segmentIds: Int32Array // [rows, length]
  readonly firstRows: Int32Array // [texts]
  readonly firstTokens: Int32Array // [texts]
}

/** Writes the sequences where the plan says. Padding keeps position 0 of the table: nothing reads it. */
export function packRows(
  sequences: readonly Int32Array[],
  plan: RowPlan,
  tokens: { readonly padId: number; readonly firstPosition: number },
): PackedRows {
  const size = plan.rows * plan.length
  const inputIds = new Int32Array(size).fill(tokens.padId)
  const positionIds = new Int32Array(size)
  const segmentIds = new Int32Array(size)
  const firstTokens = new Int32Array(sequences.length)
  sequences.forEach((sequence, index) => {
    const start = plan.row[index]! * plan.length + plan.offset[index]!
    firstTokens[index] = start
    inputIds.set(sequence, start)
    segmentIds.fill(index + 1, start, start + sequence.length)
    for (let place = 0; place < sequence.length; place++) positionIds[start + place] = tokens.firstPosition + place
  })
  return { inputIds, positionIds, segmentIds, firstRows: plan.row, firstTokens }
}
