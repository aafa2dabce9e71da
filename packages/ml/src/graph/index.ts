// The graph: a closed list of operations, shapes checked as nodes are added.
export * from './graph.ts'
export type { AttributesOf, OperationName, Operations } from './operations.ts'
export type { DataType, Dim, Node, Shape, TensorData, Value, ValueType } from './types.ts'
export { BYTES_PER_ELEMENT, DATA_TYPES } from './types.ts'
