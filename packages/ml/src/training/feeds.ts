// From packed texts and dropout masks to the tensors that a step is fed.
import { Tensor } from 'onnxruntime-node'
import {
  type EncoderConfig,
  firstPosition,
  type PackedRows,
  packRows,
  planRows,
  type RowPlan,
} from '../encoders/index.ts'
import type { Shape } from '../graph/index.ts'

export interface PackedBatch {
  readonly plan: RowPlan
  readonly packed: PackedRows
  readonly texts: number
}

/** Lays the sequences in rows. */
export function packBatch(config: EncoderConfig, sequences: readonly Int32Array[]): PackedBatch {
  const plan = planRows(
    sequences.map(({ length }) => length),
    config.hiddenSize,
  )
  const tokens = { padId: config.padTokenId, firstPosition: firstPosition(config) }
  return { plan, packed: packRows(sequences, plan, tokens), texts: sequences.length }
}

/** The inputs of the packed layout (encoders/inputs.ts, `packedInputs`). */
export function packedFeeds({ plan, packed, texts }: PackedBatch): Record<string, Tensor> {
  const rows = [plan.rows, plan.length]
  return {
    input_ids: new Tensor('int32', packed.inputIds, rows),
    position_ids: new Tensor('int32', packed.positionIds, rows),
    segment_ids: new Tensor('int32', packed.segmentIds, rows),
    first_rows: new Tensor('int32', packed.firstRows, [texts]),
    first_tokens: new Tensor('int32', packed.firstTokens, [texts]),
  }
}

/** A shape's sizes for this batch. */
export function sizesOf(shape: Shape, { plan, texts }: PackedBatch): number[] {
  const sizes: Readonly<Record<string, number>> = { rows: plan.rows, length: plan.length, texts }
  return shape.map((dim) => (typeof dim === 'number' ? dim : sizes[dim]!))
}

export function countElements(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total * size, 1)
}

/** The rows that were taken from a table, by the name of the value that says which. Token types are all 0. */
export function gatheredIds(ids: string, { packed }: PackedBatch): Int32Array {
  if (ids === 'input_ids') return packed.inputIds
  return ids === 'position_ids' ? packed.positionIds : new Int32Array(1)
}
