// The closed list of operations, each with its attributes. Rule tables (shape, gradient, emit) are mapped types over it.
import type { DataType } from './data-types.ts'
import type { Dim } from './types.ts'

interface Nothing {
  readonly [name: string]: never
}

export interface Operations {
  // arithmetic, with broadcasting
  Add: Nothing
  Sub: Nothing
  Mul: Nothing
  Max: Nothing
  Abs: Nothing
  Sqrt: Nothing
  Reciprocal: Nothing
  Exp: Nothing
  Erf: Nothing
  // activations
  Tanh: Nothing
  Relu: Nothing
  /** x · Φ(x); `tanh` is the approximation that checkpoints call gelu_new. */
  Gelu: { readonly approximate: 'none' | 'tanh' }
  Softmax: { readonly axis: number }
  LogSoftmax: { readonly axis: number }
  // linear algebra
  /** A·B over the last two axes. */
  MatMul: Nothing
  /** x·Wᵀ over the last axis: x [..., in], W [out, in], as checkpoints hold it. */
  Linear: Nothing
  /** A·B, A·Bᵀ or Aᵀ·B of two matrices. */
  Gemm: { readonly transposeA: boolean; readonly transposeB: boolean }
  /** Inputs: x, weight, bias. Outputs: the norm over the last axis, mean, 1 / √(variance + epsilon). */
  LayerNorm: { readonly epsilon: number }
  // layout
  /**
   * `shape` may name at most one size that the input doesn't have at the same place, unless a second input holds the sizes
   * when the graph runs.
   */
  Reshape: { readonly shape: readonly (number | string)[] }
  /** The sizes of the input, int64 [rank]. */
  Shape: Nothing
  Transpose: { readonly perm: readonly number[] }
  Unsqueeze: { readonly axes: readonly number[] }
  Slice: { readonly axis: number; readonly start: number; readonly end: number }
  Gather: { readonly axis: number }
  /** Inputs: indices (int64), depth (int64 [1]): 1 at the index, 0 elsewhere along a new last axis, named `depth`. */
  OneHot: { readonly depth: Dim }
  // masks and positions
  Equal: Nothing
  Not: Nothing
  Where: Nothing
  Cast: { readonly to: DataType }
  CumSum: Nothing
  // reductions
  ReduceMax: { readonly axis: number }
  ReduceMean: { readonly axis: number }
  ReduceSum: { readonly axes: readonly number[] }
  // 8-bit arithmetic
  /** Inputs: x, scale, zero point (whose type is the result's). */
  QuantizeLinear: Nothing
  /** The same with a scale and a zero point for each row of the last axis: [..., 1]. Needs ONNX 21. */
  QuantizeRows: Nothing
  /** Inputs: a (uint8), b (uint8 or int8), their zero points. Sums in int32. */
  MatMulInteger: Nothing
  // the runtime's own, for serving: several of the above in one
  /** Inputs: a (uint8), b (uint8 or int8), their scales (one; one a column) and zero points. Products as floats. */
  ByteProduct: Nothing
  /**
   * Inputs: queries [rows, queries, width], keys and values [rows, tokens, width], biases of the three, one after the
   * other [3 · width], and what is added to the scores [rows, 1, queries, tokens]. Softmax and scale included.
   */
  Attention: { readonly heads: number }
}

export type OperationName = keyof Operations
export type AttributesOf<Op extends OperationName> = Operations[Op]
