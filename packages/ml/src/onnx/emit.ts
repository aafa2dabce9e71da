// The table `emit`: the ONNX node that each operation becomes.
import { bytesOf, DATA_TYPES, type Node, type OperationName, type TensorData } from '../graph/index.ts'
import { reshapeTarget } from '../graph/shape-algebra.ts'

/** Operators that onnxruntime adds to ONNX's. Published files have none of them. */
export const RUNTIME_DOMAIN = 'com.microsoft'

/** An attribute as ONNX types it. */
export type OnnxAttribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly ints: readonly number[] }
  | { readonly string: string }

/** One ONNX node; `tensors` are further inputs that ONNX wants as constants (axes, target shapes). */
export interface OnnxNode {
  readonly type: string
  /** Of the operator; ONNX's own without it. */
  readonly domain?: typeof RUNTIME_DOMAIN
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
  Exp: () => ({ type: 'Exp' }),
  Erf: () => ({ type: 'Erf' }),
  Tanh: () => ({ type: 'Tanh' }),
  Relu: () => ({ type: 'Relu' }),
  Gelu: ({ attributes }) => ({ type: 'Gelu', attributes: { approximate: { string: attributes.approximate } } }),
  Softmax: ({ attributes }) => ({ type: 'Softmax', attributes: { axis: { int: attributes.axis } } }),
  LogSoftmax: ({ attributes }) => ({ type: 'LogSoftmax', attributes: { axis: { int: attributes.axis } } }),
  MatMul: () => ({ type: 'MatMul' }),
  Linear: () => ({ type: 'FusedMatMul', domain: RUNTIME_DOMAIN, attributes: { transB: { int: 1 } } }),
  Gemm: ({ attributes }) => ({
    type: 'Gemm',
    attributes: { transA: { int: Number(attributes.transposeA) }, transB: { int: Number(attributes.transposeB) } },
  }),
  LayerNorm: ({ attributes }) => ({
    type: 'LayerNormalization',
    attributes: { axis: { int: -1 }, epsilon: { float: attributes.epsilon } },
  }),
  Reshape: ({ inputs, attributes }) => ({
    type: 'Reshape',
    tensors: inputs[1] ? [] : [int64(...reshapeTarget(inputs[0]!.shape, attributes.shape))],
  }),
  Shape: () => ({ type: 'Shape' }),
  Transpose: ({ attributes }) => ({ type: 'Transpose', attributes: { perm: { ints: attributes.perm } } }),
  Unsqueeze: ({ attributes }) => ({ type: 'Unsqueeze', tensors: [int64(...attributes.axes)] }),
  Slice: ({ attributes: { axis, start, end } }) => ({
    type: 'Slice',
    tensors: [int64(start), int64(end), int64(axis)],
  }),
  Gather: ({ attributes }) => ({ type: 'Gather', attributes: { axis: { int: attributes.axis } } }),
  OneHot: () => ({
    type: 'OneHot',
    attributes: { axis: { int: -1 } },
    tensors: [{ type: 'float32', shape: [2], bytes: bytesOf(Float32Array.of(0, 1)) }],
  }),
  Equal: () => ({ type: 'Equal' }),
  Not: () => ({ type: 'Not' }),
  Where: () => ({ type: 'Where' }),
  Cast: ({ attributes }) => ({ type: 'Cast', attributes: { to: { int: DATA_TYPES[attributes.to] } } }),
  CumSum: () => ({ type: 'CumSum', tensors: [int64Scalar(1)] }),
  ReduceMax: (node) => reduce('ReduceMax', node),
  ReduceMean: (node) => reduce('ReduceMean', node),
  ReduceSum: ({ attributes }) => ({
    type: 'ReduceSum',
    attributes: { keepdims: { int: 1 } },
    tensors: [int64(...attributes.axes)],
  }),
  QuantizeLinear: () => ({ type: 'QuantizeLinear' }),
  QuantizeRows: ({ inputs }) => ({
    type: 'QuantizeLinear',
    attributes: { axis: { int: -1 }, block_size: { int: Number(inputs[0]!.shape.at(-1)) } },
  }),
  MatMulInteger: () => ({ type: 'MatMulInteger' }),
  ByteProduct: () => ({ type: 'MatMulIntegerToFloat', domain: RUNTIME_DOMAIN }),
  Attention: ({ attributes }) => ({
    type: 'MultiHeadAttention',
    domain: RUNTIME_DOMAIN,
    attributes: { num_heads: { int: attributes.heads } },
  }),
}
