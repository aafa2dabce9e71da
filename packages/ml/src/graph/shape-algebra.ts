// Arithmetic on shapes whose sizes may be names: broadcasting, products, reshaping.
import { MlError } from '../errors.ts'
import type { Dim, Shape, Value } from './types.ts'

/** NumPy's broadcasting; two different names, or a name against a number other than 1, don't match. */
export function broadcastShapes(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length)
  return Array.from({ length: rank }, (_, index) => {
    const left = a[index - rank + a.length] ?? 1
    const right = b[index - rank + b.length] ?? 1
    if (left === 1 || left === right) return right
    if (right === 1) return left
    throw new MlError('SHAPE_MISMATCH', `[${a}] and [${b}] don't broadcast: ${left} against ${right}`)
  })
}

/** [..., m, k] × [..., k, n] → [..., m, n]. */
export function matMulShape(a: Value, b: Value): Shape {
  const [left, right] = [a.shape, b.shape]
  if (left.length < 2 || right.length < 2 || left.at(-1) !== right.at(-2)) {
    throw new MlError('SHAPE_MISMATCH', `${a.name} [${left}] × ${b.name} [${right}]: inner sizes differ`)
  }
  return [...broadcastShapes(left.slice(0, -2), right.slice(0, -2)), left.at(-2)!, right.at(-1)!]
}

/** Numbers and names that a shape's sizes are made of; a size such as `rows·length` or `length·384` stands for a product. */
function product(shape: Shape): { readonly count: number; readonly names: string } {
  const factors = shape.flatMap((dim): (number | string)[] => (typeof dim === 'number' ? [dim] : dim.split('·')))
  const names = factors.filter((factor) => Number.isNaN(Number(factor))).sort()
  const numbers = factors.filter((factor) => !Number.isNaN(Number(factor)))
  return { count: numbers.reduce<number>((total, number) => total * Number(number), 1), names: names.join('·') }
}

/** One size for several: their product. */
export function productDim(dims: Shape): Dim {
  const { count, names } = product(dims)
  if (names === '') return count
  return count === 1 ? names : `${names}·${count}`
}

/** The target shape, once it is sure that it holds as many elements. */
export function reshapedShape(x: Value, target: Shape): Shape {
  const [from, to] = [product(x.shape), product(target)]
  if (from.count !== to.count || from.names !== to.names) {
    throw new MlError('SHAPE_MISMATCH', `${x.name} [${x.shape}] can't become [${target}]: other number of elements`)
  }
  return target
}

/**
 * The target as ONNX's Reshape wants it: a number, 0 for the input's size at the same place, −1 once for the rest.
 * @throws MlError SHAPE_MISMATCH when two sizes would have to be inferred
 */
export function reshapeTarget(from: Shape, target: Shape): readonly number[] {
  const sizes = target.map((dim, index) => (typeof dim === 'number' ? dim : dim === from[index] ? 0 : -1))
  if (sizes.filter((size) => size === -1).length > 1) {
    throw new MlError('SHAPE_MISMATCH', `[${from}] → [${target}]: more than one size to infer`)
  }
  return sizes
}
