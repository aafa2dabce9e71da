// What gradient rules share: undoing broadcasts, shapes that are known only when the graph runs, rows of matrices.
import { MlError } from '../errors.ts'
import { bytesOf, type Graph } from './graph.ts'
import { productDim, reshapeTarget } from './shape-algebra.ts'
import type { Shape, Value } from './types.ts'

function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, index) => dim === b[index])
}

function canBeInferred(from: Shape, target: Shape): boolean {
  try {
    reshapeTarget(from, target)
    return true
  } catch {
    return false
  }
}

/** `x` in the shape of `like`, which has as many elements. */
export function reshapeLike(graph: Graph, x: Value, like: Value): Value {
  if (sameShape(x.shape, like.shape)) return x
  const inputs = canBeInferred(x.shape, like.shape) ? [x] : [x, graph.add('Shape', [like])]
  return graph.add('Reshape', inputs, { shape: like.shape })
}

/** Undoes the broadcast of `input` to the gradient's shape: sums over the axes that were repeated. */
export function sumTo(graph: Graph, gradient: Value, input: Value): Value {
  const offset = gradient.shape.length - input.shape.length
  const axes = gradient.shape.flatMap((dim, axis) => {
    const own = axis < offset ? 1 : input.shape[axis - offset]
    return axis < offset || (own === 1 && dim !== 1) ? [axis] : []
  })
  const summed = axes.length === 0 ? gradient : graph.add('ReduceSum', [gradient], { axes })
  return reshapeLike(graph, summed, input)
}

/** Zeros in the shape of `x`. */
export function zerosLike(graph: Graph, x: Value): Value {
  const never = graph.constant('never', { type: 'bool', shape: [], bytes: Uint8Array.of(0) })
  return graph.add('Where', [never, x, graph.scalar(0)])
}

/** [..., width] → [rows, width]. */
export function toMatrix(graph: Graph, x: Value): Value {
  if (x.shape.length === 2) return x
  return graph.add('Reshape', [x], { shape: [productDim(x.shape.slice(0, -1)), x.shape.at(-1)!] })
}

/** The last two axes swapped. */
export function transposeLast(graph: Graph, x: Value): Value {
  const perm = x.shape.map((_, axis) => axis)
  perm.splice(-2, 2, perm.length - 1, perm.length - 2)
  return graph.add('Transpose', [x], { perm })
}

/** The axis first, the others in their order; `back` undoes it. */
export function axisFirst(rank: number, axis: number): { readonly perm: number[]; readonly back: number[] } {
  const perm = [axis, ...Array.from({ length: rank }, (_, index) => index).filter((index) => index !== axis)]
  return { perm, back: invertPermutation(perm) }
}

export function invertPermutation(perm: readonly number[]): number[] {
  return perm.map((_, index) => perm.indexOf(index))
}

/** start, start + 1, … end − 1, as a constant. */
export function indexRange(graph: Graph, start: number, end: number): Value {
  const indices = BigInt64Array.from({ length: end - start }, (_, index) => BigInt(start + index))
  return graph.constant(`range_${start}_${end}`, { type: 'int64', shape: [end - start], bytes: bytesOf(indices) })
}

/**
 * What each row of `x` gets from the gradient of rows that were gathered along its first axis: a product with the indices
 * as ones and zeros. (ScatterND adds the updates of a repeated row from several threads at once, and loses some.)
 */
function sumRows(graph: Graph, x: Value, indices: Value, gradient: Value): Value {
  const wide = indices.type === 'int64' ? indices : graph.add('Cast', [indices], { to: 'int64' })
  const list = graph.add('Reshape', [wide], { shape: [productDim(wide.shape)] })
  const depth = graph.add('Slice', [graph.add('Shape', [x])], { axis: 0, start: 0, end: 1 })
  const places = graph.add('OneHot', [list, depth], { depth: x.shape[0]! })
  const width = productDim(x.shape.slice(1))
  const rows = graph.add('Reshape', [gradient], { shape: [productDim(wide.shape), width] })
  return reshapeLike(graph, graph.add('Gemm', [places, rows], { transposeA: true, transposeB: false }), x)
}

/** The gradient of `x` from that of what a Gather took along `axis`. */
export function scatterRows(graph: Graph, x: Value, indices: Value, gradient: Value, axis: number): Value {
  if (axis === 0) return sumRows(graph, x, indices, gradient)
  if (indices.shape.length !== 1) {
    throw new MlError(
      'SHAPE_MISMATCH',
      `Gather along axis ${axis}: a gradient needs a list of indices, got [${indices.shape}]`,
    )
  }
  const { perm, back } = axisFirst(x.shape.length, axis)
  const front = [x, gradient].map((value) => graph.add('Transpose', [value], { perm }))
  return graph.add('Transpose', [sumRows(graph, front[0]!, indices, front[1]!)], { perm: back })
}
