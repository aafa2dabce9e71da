// The graph: a closed list of operations, shapes checked as nodes are added.

export { BYTES_PER_ELEMENT, DATA_TYPES, type DataType } from './data-types.ts'
export * from './graph.ts'
export type { AttributesOf, OperationName, Operations } from './operations.ts'
export type { Dim, Node, Shape, TensorData, Value, ValueType } from './types.ts'
