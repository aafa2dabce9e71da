// The vocabulary of the graph: shapes with symbolic sizes, values and nodes.
import type { DataType } from './data-types.ts'
import type { AttributesOf, OperationName } from './operations.ts'

/** A size: a number, or the name of one that is known only when the graph runs (`rows`, `length`). */
export type Dim = number | string
export type Shape = readonly Dim[]

/** The data of a constant; bytes are little-endian, as in ONNX's raw_data. */
export interface TensorData {
  readonly type: DataType
  readonly shape: readonly number[]
  readonly bytes: Uint8Array
}

/** What flows along an edge of the graph. */
export interface Value {
  readonly name: string
  readonly type: DataType
  readonly shape: Shape
}

/** One application of an operation; an absent optional input is null. */
export interface Node<Op extends OperationName = OperationName> {
  readonly op: Op
  readonly inputs: readonly (Value | null)[]
  readonly outputs: readonly Value[]
  readonly attributes: AttributesOf<Op>
}

/** What a node's outputs are, before they have names. */
export interface ValueType {
  readonly type: DataType
  readonly shape: Shape
}
