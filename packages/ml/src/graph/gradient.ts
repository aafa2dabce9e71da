// The table `gradient`: from the gradients of an operation's outputs to those of its inputs, as nodes of the same graph.
import { MlError } from '../errors.ts'
import {
  indexRange,
  invertPermutation,
  reshapeLike,
  scatterRows,
  sumTo,
  toMatrix,
  transposeLast,
  zerosLike,
} from './gradient-algebra.ts'
import type { Graph } from './graph.ts'
import type { OperationName } from './operations.ts'
import type { Node, Value } from './types.ts'

/** Adds the nodes of one input's gradient; called only where it is needed. Null: none flows there. */
export type InputGradient = (() => Value) | null

/** `dy` is the gradient of the first output; the others (a norm's statistics) must not be differentiated. */
export type GradientRule<Op extends OperationName> = (
  graph: Graph,
  node: Node<Op>,
  dy: Value,
) => readonly InputGradient[]

/** Chained products: ((a · b) · c) … */
function product(graph: Graph, first: Value, ...others: readonly (Value | number)[]): Value {
  return others.reduce<Value>(
    (total, factor) => graph.add('Mul', [total, typeof factor === 'number' ? graph.scalar(factor) : factor]),
    first,
  )
}

function axisOf(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis
}

/** A rule for one input, from the gradient, the input and the output. */
function unary<Op extends OperationName>(
  rule: (graph: Graph, dy: Value, x: Value, y: Value) => Value,
): GradientRule<Op> {
  return (graph, { inputs, outputs }, dy) => [() => rule(graph, dy, inputs[0]!, outputs[0]!)]
}

function sumProduct(graph: Graph, a: Value, b: Value, axis: number): Value {
  return graph.add('ReduceSum', [graph.add('Mul', [a, b])], { axes: [axis] })
}

/** y ∘ (dy − Σ y ∘ dy) */
const softmax: GradientRule<'Softmax'> = (graph, { outputs, attributes }, dy) => [
  () => product(graph, graph.add('Sub', [dy, sumProduct(graph, outputs[0]!, dy, attributes.axis)]), outputs[0]!),
]

/** dy − exp(y) · Σ dy */
const logSoftmax: GradientRule<'LogSoftmax'> = (graph, { outputs, attributes }, dy) => [
  () => {
    const total = graph.add('ReduceSum', [dy], { axes: [attributes.axis] })
    return graph.add('Sub', [dy, graph.add('Mul', [graph.add('Exp', [outputs[0]!]), total])])
  },
]

/** Φ(x) + x · φ(x), Φ and φ the normal distribution and its density. */
function exactGeluSlope(graph: Graph, x: Value): Value {
  const erf = graph.add('Erf', [product(graph, x, Math.SQRT1_2)])
  const distribution = graph.add('Add', [product(graph, erf, 0.5), graph.scalar(0.5)])
  const power = graph.add('Exp', [product(graph, x, x, -0.5)])
  return graph.add('Add', [distribution, product(graph, x, power, 1 / Math.sqrt(2 * Math.PI))])
}

/** Of 0.5 · x · (1 + tanh u), u = √(2/π) · (x + 0.044715 · x³). */
function tanhGeluSlope(graph: Graph, x: Value): Value {
  const scale = Math.sqrt(2 / Math.PI)
  const square = graph.add('Mul', [x, x])
  const inner = product(graph, x, graph.add('Add', [product(graph, square, scale * 0.044715), graph.scalar(scale)]))
  const tanh = graph.add('Tanh', [inner])
  const innerSlope = graph.add('Add', [product(graph, square, 3 * scale * 0.044715), graph.scalar(scale)])
  const tanhSlope = graph.add('Sub', [graph.scalar(1), graph.add('Mul', [tanh, tanh])])
  const share = graph.add('Add', [product(graph, tanh, 0.5), graph.scalar(0.5)])
  return graph.add('Add', [share, product(graph, x, tanhSlope, innerSlope, 0.5)])
}

const gelu: GradientRule<'Gelu'> = (graph, { inputs, attributes }, dy) => [
  () => {
    const slope = attributes.approximate === 'none' ? exactGeluSlope : tanhGeluSlope
    return graph.add('Mul', [dy, slope(graph, inputs[0]!)])
  },
]

const matMul: GradientRule<'MatMul'> = (graph, { inputs }, dy) => {
  const [a, b] = [inputs[0]!, inputs[1]!]
  return [
    () => sumTo(graph, graph.add('MatMul', [dy, transposeLast(graph, b)]), a),
    () =>
      b.shape.length === 2
        ? graph.add('Gemm', [toMatrix(graph, a), toMatrix(graph, dy)], { transposeA: true, transposeB: false })
        : sumTo(graph, graph.add('MatMul', [transposeLast(graph, a), dy]), b),
  ]
}

const linear: GradientRule<'Linear'> = (graph, { inputs }, dy) => {
  const [x, weight] = [inputs[0]!, inputs[1]!]
  return [
    () => graph.add('MatMul', [dy, weight]),
    () => graph.add('Gemm', [toMatrix(graph, dy), toMatrix(graph, x)], { transposeA: true, transposeB: false }),
  ]
}

const gemm: GradientRule<'Gemm'> = (graph, { inputs, attributes: { transposeA, transposeB } }, dy) => {
  const [a, b] = [inputs[0]!, inputs[1]!]
  return [
    () =>
      transposeA
        ? graph.add('Gemm', [b, dy], { transposeA: transposeB, transposeB: true })
        : graph.add('Gemm', [dy, b], { transposeA: false, transposeB: !transposeB }),
    () =>
      transposeB
        ? graph.add('Gemm', [dy, a], { transposeA: true, transposeB: transposeA })
        : graph.add('Gemm', [a, dy], { transposeA: !transposeA, transposeB: false }),
  ]
}

/** Ba et al. 2016; with x̂ the norm before weight and bias: (g − mean g − x̂ · mean(g ∘ x̂)) / √(variance + ε), g = dy ∘ weight. */
const layerNorm: GradientRule<'LayerNorm'> = (graph, { inputs, outputs }, dy) => {
  const [x, weight, bias] = [inputs[0]!, inputs[1]!, inputs[2]!]
  const [, mean, inverseDeviation] = [outputs[0]!, outputs[1]!, outputs[2]!]
  let known: Value | undefined
  const normed = (): Value => {
    known ??= product(graph, graph.add('Sub', [x, mean]), inverseDeviation)
    return known
  }
  return [
    () => {
      const g = graph.add('Mul', [dy, weight])
      const level = graph.add('ReduceMean', [g], { axis: -1 })
      const slope = graph.add('ReduceMean', [graph.add('Mul', [g, normed()])], { axis: -1 })
      const centred = graph.add('Sub', [graph.add('Sub', [g, level]), graph.add('Mul', [normed(), slope])])
      return graph.add('Mul', [centred, inverseDeviation])
    },
    () => sumTo(graph, graph.add('Mul', [dy, normed()]), weight),
    () => sumTo(graph, dy, bias),
  ]
}

const where: GradientRule<'Where'> = (graph, { inputs }, dy) => {
  const [condition, yes, no] = [inputs[0]!, inputs[1]!, inputs[2]!]
  const zero = graph.scalar(0)
  return [
    null,
    () => sumTo(graph, graph.add('Where', [condition, dy, zero]), yes),
    () => sumTo(graph, graph.add('Where', [condition, zero, dy]), no),
  ]
}

/** The whole gradient where `x` is the result, nothing elsewhere; equal candidates get it each. */
function whereEqual(graph: Graph, x: Value, y: Value, dy: Value): Value {
  return graph.add('Where', [graph.add('Equal', [x, y]), dy, graph.scalar(0)])
}

const reduceMean: GradientRule<'ReduceMean'> = (graph, { inputs, attributes }, dy) => [
  () => {
    const x = inputs[0]!
    const size = x.shape[axisOf(attributes.axis, x.shape.length)]
    if (typeof size !== 'number') {
      throw new MlError('SHAPE_MISMATCH', `ReduceMean over "${size}": a gradient needs a size that is a number`)
    }
    return graph.add('Add', [zerosLike(graph, x), product(graph, dy, 1 / size)])
  },
]

const gather: GradientRule<'Gather'> = (graph, { inputs, attributes }, dy) => {
  const data = inputs[0]!
  return [() => scatterRows(graph, data, inputs[1]!, dy, axisOf(attributes.axis, data.shape.length)), null]
}

const slice: GradientRule<'Slice'> = (graph, { inputs, attributes: { axis, start, end } }, dy) => {
  const x = inputs[0]!
  return [() => scatterRows(graph, x, indexRange(graph, start, end), dy, axisOf(axis, x.shape.length))]
}

/** Null: integers, conditions and shapes, where no gradient flows. */
export const GRADIENT: { readonly [Op in OperationName]: GradientRule<Op> | null } = {
  Add: (graph, { inputs }, dy) => [() => sumTo(graph, dy, inputs[0]!), () => sumTo(graph, dy, inputs[1]!)],
  Sub: (graph, { inputs }, dy) => [
    () => sumTo(graph, dy, inputs[0]!),
    () => sumTo(graph, product(graph, dy, -1), inputs[1]!),
  ],
  Mul: (graph, { inputs }, dy) => [
    () => sumTo(graph, graph.add('Mul', [dy, inputs[1]!]), inputs[0]!),
    () => sumTo(graph, graph.add('Mul', [dy, inputs[0]!]), inputs[1]!),
  ],
  Max: (graph, { inputs, outputs }, dy) =>
    inputs.map((input) => () => sumTo(graph, whereEqual(graph, input!, outputs[0]!, dy), input!)),
  Abs: unary((graph, dy, x, y) => graph.add('Where', [graph.add('Equal', [x, y]), dy, product(graph, dy, -1)])),
  Sqrt: unary((graph, dy, _, y) => product(graph, graph.add('Reciprocal', [y]), dy, 0.5)),
  Reciprocal: unary((graph, dy, _, y) => product(graph, y, y, dy, -1)),
  Exp: unary((graph, dy, _, y) => graph.add('Mul', [dy, y])),
  Erf: unary((graph, dy, x) =>
    product(graph, graph.add('Exp', [product(graph, x, x, -1)]), dy, 2 / Math.sqrt(Math.PI)),
  ),
  Tanh: unary((graph, dy, _, y) =>
    graph.add('Mul', [dy, graph.add('Sub', [graph.scalar(1), graph.add('Mul', [y, y])])]),
  ),
  Relu: unary((graph, dy, _, y) => graph.add('Where', [graph.add('Equal', [y, graph.scalar(0)]), graph.scalar(0), dy])),
  Gelu: gelu,
  Softmax: softmax,
  LogSoftmax: logSoftmax,
  MatMul: matMul,
  Linear: linear,
  Gemm: gemm,
  LayerNorm: layerNorm,
  Reshape: (graph, { inputs }, dy) => [() => reshapeLike(graph, dy, inputs[0]!), null],
  Shape: null,
  Transpose: (graph, { attributes }, dy) => [
    () => graph.add('Transpose', [dy], { perm: invertPermutation(attributes.perm) }),
  ],
  Unsqueeze: unary((graph, dy, x) => reshapeLike(graph, dy, x)),
  Slice: slice,
  Gather: gather,
  OneHot: null,
  Equal: null,
  Not: null,
  Where: where,
  Cast: null,
  CumSum: null,
  ReduceMax: unary((graph, dy, x, y) => whereEqual(graph, x, y, dy)),
  ReduceMean: reduceMean,
  ReduceSum: unary((graph, dy, x) => graph.add('Add', [zerosLike(graph, x), dy])),
  QuantizeLinear: null,
  QuantizeRows: null,
  MatMulInteger: null,
  ByteProduct: null,
  Attention: null,
}
