// Arithmetic on shapes whose sizes may be names: broadcasting, products, reshaping.
import { MlError } from '../errors.ts'
import type { Shape, Value } from './types.ts'

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

function product(shape: Shape): { readonly count: number; readonly names: string } {
  const count = shape.reduce<number>((total, dim) => (typeof dim === 'number' ? total * dim : total), 1)
  const names = shape.filter((dim) => typeof dim === 'string').sort()
  return { count, names: names.join('·') }
}

/** The target shape, once it is sure that it holds as many elements (a name such as `rows·length` stands for a product). */
export function reshapedShape(x: Value, target: Shape): Shape {
  const [from, to] = [product(x.shape), product(target)]
  const named = to.names.split('·').sort().join('·')
  if (from.count !== to.count || from.names.split('·').sort().join('·') !== named) {
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
