// The graph: a closed list of operations, shapes checked as nodes are added.

export { BYTES_PER_ELEMENT, DATA_TYPES, type DataType } from './data-types.ts'
export { gradients } from './differentiate.ts'
export * from './graph.ts'
export type { OperationName } from './operations.ts'
export type { Node, Shape, TensorData, Value } from './types.ts'
