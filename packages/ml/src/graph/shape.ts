// The table `shape`: what comes out of each operation; a wrong input is an error when the node is added.
import { MlError } from '../errors.ts'
import type { DataType } from './data-types.ts'
import type { AttributesOf, OperationName } from './operations.ts'
import { broadcastShapes, matMulShape, reshapedShape } from './shape-algebra.ts'
import type { Shape, Value, ValueType } from './types.ts'

/** From the inputs (absent ones null) and attributes to the outputs' types. */
export type ShapeRule<Op extends OperationName> = (
  inputs: readonly (Value | null)[],
  attributes: AttributesOf<Op>,
) => readonly ValueType[]

function input(inputs: readonly (Value | null)[], index: number): Value {
  const value = inputs[index]
  if (!value) throw new MlError('SHAPE_MISMATCH', `input ${index} is required`)
  return value
}

function expectType(value: Value, ...types: readonly DataType[]): void {
  if (!types.includes(value.type)) {
    throw new MlError('SHAPE_MISMATCH', `${value.name}: expected ${types.join(' or ')}, got ${value.type}`)
  }
}

function positiveAxis(axis: number, rank: number): number {
  const at = axis < 0 ? axis + rank : axis
  if (at < 0 || at >= rank) throw new MlError('SHAPE_MISMATCH', `axis ${axis} is outside rank ${rank}`)
  return at
}

function elementwise(inputs: readonly (Value | null)[]): readonly ValueType[] {
  const [a, b] = [input(inputs, 0), input(inputs, 1)]
  expectType(b, a.type)
  return [{ type: a.type, shape: broadcastShapes(a.shape, b.shape) }]
}

function unary(inputs: readonly (Value | null)[]): readonly ValueType[] {
  const x = input(inputs, 0)
  return [{ type: x.type, shape: x.shape }]
}

function withDim(shape: Shape, axis: number, dim: number): Shape {
  return shape.map((size, index) => (index === axis ? dim : size))
}

function gather(inputs: readonly (Value | null)[], { axis }: { readonly axis: number }): readonly ValueType[] {
  const [data, indices] = [input(inputs, 0), input(inputs, 1)]
  expectType(indices, 'int32', 'int64')
  const at = positiveAxis(axis, data.shape.length)
  return [{ type: data.type, shape: [...data.shape.slice(0, at), ...indices.shape, ...data.shape.slice(at + 1)] }]
}

function unsqueeze(inputs: readonly (Value | null)[], { axes }: { readonly axes: readonly number[] }): ValueType[] {
  const x = input(inputs, 0)
  const shape = [...x.shape]
  for (const axis of [...axes].sort((a, b) => a - b)) shape.splice(axis, 0, 1)
  return [{ type: x.type, shape }]
}

/** Reductions keep the axis, with size 1. */
function reduction(inputs: readonly (Value | null)[], { axis }: { readonly axis: number }): readonly ValueType[] {
  const x = input(inputs, 0)
  return [{ type: x.type, shape: withDim(x.shape, positiveAxis(axis, x.shape.length), 1) }]
}

function reduceSum(inputs: readonly (Value | null)[], { axes }: { readonly axes: readonly number[] }): ValueType[] {
  const x = input(inputs, 0)
  const reduced = axes.map((axis) => positiveAxis(axis, x.shape.length))
  return [{ type: x.type, shape: x.shape.map((size, index) => (reduced.includes(index) ? 1 : size)) }]
}

/** [..., in] × [out, in] → [..., out]. */
function linear(inputs: readonly (Value | null)[]): readonly ValueType[] {
  const [x, weight] = [input(inputs, 0), input(inputs, 1)]
  if (weight.shape.length !== 2 || x.shape.length < 2 || x.shape.at(-1) !== weight.shape[1]) {
    throw new MlError('SHAPE_MISMATCH', `${x.name} [${x.shape}] × ${weight.name} [${weight.shape}]ᵀ: sizes differ`)
  }
  return [{ type: 'float32', shape: [...x.shape.slice(0, -1), weight.shape[0]!] }]
}

function gemm(
  inputs: readonly (Value | null)[],
  { transposeA, transposeB }: AttributesOf<'Gemm'>,
): readonly ValueType[] {
  const [a, b] = [input(inputs, 0), input(inputs, 1)]
  const [rows, inner] = transposeA ? [a.shape[1], a.shape[0]] : a.shape
  const [innerB, columns] = transposeB ? [b.shape[1], b.shape[0]] : b.shape
  if (a.shape.length !== 2 || b.shape.length !== 2 || inner !== innerB) {
    throw new MlError(
      'SHAPE_MISMATCH',
      `${a.name} [${a.shape}] × ${b.name} [${b.shape}]: expected two matrices that fit`,
    )
  }
  return [{ type: 'float32', shape: [rows!, columns!] }]
}

function layerNorm(inputs: readonly (Value | null)[]): readonly ValueType[] {
  const [x, weight, bias] = [input(inputs, 0), input(inputs, 1), input(inputs, 2)]
  const width = x.shape.at(-1)
  for (const vector of [weight, bias]) {
    if (vector.shape.length !== 1 || vector.shape[0] !== width) {
      throw new MlError('SHAPE_MISMATCH', `${vector.name} [${vector.shape}]: expected [${width}]`)
    }
  }
  const statistic: ValueType = { type: 'float32', shape: [...x.shape.slice(0, -1), 1] }
  return [{ type: 'float32', shape: x.shape }, statistic, statistic]
}

function quantizeRows(inputs: readonly (Value | null)[]): readonly ValueType[] {
  const [x, scale, zeroPoint] = [input(inputs, 0), input(inputs, 1), input(inputs, 2)]
  const expected = withDim(x.shape, x.shape.length - 1, 1).join()
  for (const { name, shape } of [scale, zeroPoint]) {
    if (shape.join() !== expected)
      throw new MlError('SHAPE_MISMATCH', `${name} [${shape}]: expected one a row, [${expected}]`)
  }
  return [{ type: zeroPoint.type, shape: x.shape }]
}

function attention(inputs: readonly (Value | null)[], { heads }: { readonly heads: number }): readonly ValueType[] {
  const [queries, keys, values, bias] = [0, 1, 2, 3].map((index) => input(inputs, index)) as [
    Value,
    Value,
    Value,
    Value,
  ]
  const width = Number(queries.shape.at(-1))
  const fits = keys.shape.at(-1) === width && values.shape.at(-1) === width && bias.shape[0] === 3 * width
  if (!fits || width % heads !== 0) {
    const shapes = [queries, keys, values, bias].map(({ shape }) => `[${shape}]`).join(', ')
    throw new MlError('SHAPE_MISMATCH', `${shapes}: expected one width, a multiple of ${heads} heads`)
  }
  return [{ type: 'float32', shape: queries.shape }]
}

function integerProduct(a: Value, b: Value): Shape {
  expectType(a, 'uint8', 'int8')
  expectType(b, 'uint8', 'int8')
  return matMulShape(a, b)
}

export const SHAPE: { readonly [Op in OperationName]: ShapeRule<Op> } = {
  Add: elementwise,
  Sub: elementwise,
  Mul: elementwise,
  Max: elementwise,
  Abs: unary,
  Sqrt: unary,
  Reciprocal: unary,
  Exp: unary,
  Erf: unary,
  Tanh: unary,
  Relu: unary,
  Gelu: unary,
  Softmax: unary,
  LogSoftmax: unary,
  MatMul: (inputs) => [{ type: 'float32', shape: matMulShape(input(inputs, 0), input(inputs, 1)) }],
  Linear: linear,
  Gemm: gemm,
  LayerNorm: layerNorm,
  Reshape: (inputs, { shape }) => {
    const x = input(inputs, 0)
    return [{ type: x.type, shape: reshapedShape(x, shape) }]
  },
  Shape: (inputs) => [{ type: 'int64', shape: [input(inputs, 0).shape.length] }],
  Transpose: (inputs, { perm }) => {
    const x = input(inputs, 0)
    if ([...perm].sort((a, b) => a - b).some((axis, index) => axis !== index) || perm.length !== x.shape.length) {
      throw new MlError('SHAPE_MISMATCH', `${x.name}: [${perm}] is no permutation of rank ${x.shape.length}`)
    }
    return [{ type: x.type, shape: perm.map((axis) => x.shape[axis]!) }]
  },
  Unsqueeze: unsqueeze,
  Slice: (inputs, { axis, start, end }) => {
    const x = input(inputs, 0)
    const at = positiveAxis(axis, x.shape.length)
    return [{ type: x.type, shape: withDim(x.shape, at, end - start) }]
  },
  Gather: gather,
  OneHot: (inputs, { depth }) => {
    const [indices, size] = [input(inputs, 0), input(inputs, 1)]
    expectType(indices, 'int64')
    expectType(size, 'int64')
    return [{ type: 'float32', shape: [...indices.shape, depth] }]
  },
  Equal: (inputs) => [{ type: 'bool', shape: broadcastShapes(input(inputs, 0).shape, input(inputs, 1).shape) }],
  Not: (inputs) => {
    expectType(input(inputs, 0), 'bool')
    return unary(inputs)
  },
  Where: (inputs) => {
    expectType(input(inputs, 0), 'bool')
    const [yes, no] = [input(inputs, 1), input(inputs, 2)]
    expectType(no, yes.type)
    return [{ type: yes.type, shape: broadcastShapes(input(inputs, 0).shape, broadcastShapes(yes.shape, no.shape)) }]
  },
  Cast: (inputs, { to }) => [{ type: to, shape: input(inputs, 0).shape }],
  CumSum: unary,
  ReduceMax: reduction,
  ReduceMean: reduction,
  ReduceSum: reduceSum,
  QuantizeLinear: (inputs) => [{ type: input(inputs, 2).type, shape: input(inputs, 0).shape }],
  QuantizeRows: quantizeRows,
  MatMulInteger: (inputs) => [{ type: 'int32', shape: integerProduct(input(inputs, 0), input(inputs, 1)) }],
  ByteProduct: (inputs) => [{ type: 'float32', shape: integerProduct(input(inputs, 0), input(inputs, 1)) }],
  Attention: attention,
}
