// The table `emit`: the ONNX node that each operation becomes.
import { bytesOf, DATA_TYPES, type Node, type OperationName, type TensorData } from '../graph/index.ts'
import { reshapeTarget } from '../graph/shape-algebra.ts'

/** An attribute as ONNX types it. */
export type OnnxAttribute =
  | { readonly int: number }
  | { readonly ints: readonly number[] }
  | { readonly string: string }

/** One ONNX node; `tensors` are further inputs that ONNX wants as constants (axes, target shapes). */
export interface OnnxNode {
  readonly type: string
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>
  readonly tensors?: readonly TensorData[]
}

function int64(...values: readonly number[]): TensorData {
  return { type: 'int64', shape: [values.length], bytes: bytesOf(BigInt64Array.from(values, BigInt)) }
}

function int64Scalar(value: number): TensorData {
  return { type: 'int64', shape: [], bytes: bytesOf(BigInt64Array.of(BigInt(value))) }
}

function reduce(type: string, { attributes }: Node<'ReduceMax' | 'ReduceMean'>): OnnxNode {
  return { type, attributes: { keepdims: { int: 1 } }, tensors: [int64(attributes.axis)] }
}

export const EMIT: { readonly [Op in OperationName]: (node: Node<Op>) => OnnxNode } = {
  Add: () => ({ type: 'Add' }),
  Sub: () => ({ type: 'Sub' }),
  Mul: () => ({ type: 'Mul' }),
  Max: () => ({ type: 'Max' }),
  Abs: () => ({ type: 'Abs' }),
  Sqrt: () => ({ type: 'Sqrt' }),
  Reciprocal: () => ({ type: 'Reciprocal' }),
  Tanh: () => ({ type: 'Tanh' }),
  Relu: () => ({ type: 'Relu' }),
  Gelu: ({ attributes }) => ({ type: 'Gelu', attributes: { approximate: { string: attributes.approximate } } }),
  Softmax: ({ attributes }) => ({ type: 'Softmax', attributes: { axis: { int: attributes.axis } } }),
  MatMul: () => ({ type: 'MatMul' }),
  Reshape: ({ inputs, attributes }) => ({
    type: 'Reshape',
    tensors: [int64(...reshapeTarget(inputs[0]!.shape, attributes.shape))],
  }),
  Transpose: ({ attributes }) => ({ type: 'Transpose', attributes: { perm: { ints: attributes.perm } } }),
  Unsqueeze: ({ attributes }) => ({ type: 'Unsqueeze', tensors: [int64(...attributes.axes)] }),
  Slice: ({ attributes: { axis, start, end } }) => ({
    type: 'Slice',
    tensors: [int64(start), int64(end), int64(axis)],
  }),
  Gather: ({ attributes }) => ({ type: 'Gather', attributes: { axis: { int: attributes.axis } } }),
  Equal: () => ({ type: 'Equal' }),
  Not: () => ({ type: 'Not' }),
  Where: () => ({ type: 'Where' }),
  Cast: ({ attributes }) => ({ type: 'Cast', attributes: { to: { int: DATA_TYPES[attributes.to] } } }),
  CumSum: () => ({ type: 'CumSum', tensors: [int64Scalar(1)] }),
  ReduceMax: (node) => reduce('ReduceMax', node),
  ReduceMean: (node) => reduce('ReduceMean', node),
  QuantizeLinear: () => ({ type: 'QuantizeLinear' }),
  MatMulInteger: () => ({ type: 'MatMulInteger' }),
}
