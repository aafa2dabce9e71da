// Views of a storage by shape and strides, as torch keeps them.

export interface View {
  readonly offset: number
  readonly shape: readonly number[]
  readonly strides: readonly number[]
}

/** The highest element of the storage that the view reaches; one less than its offset where it has no elements. */
export function lastElement({ offset, shape, strides }: View): number {
  if (shape.includes(0)) return offset - 1
  return shape.reduce((last, size, axis) => last + (size - 1) * (strides[axis] ?? 0), offset)
}

/** Whether the elements lie in row-major order without gaps; the stride of an axis of size 1 doesn't matter. */
export function isContiguous({ shape, strides }: View): boolean {
  let expected = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] ?? 0
    if (size === 0) return true
    if (size !== 1 && strides[axis] !== expected) return false
    expected *= size
  }
  return true
}

/** Row-major copy of a view that begins at the first value. */
export function copyStrided(values: Float32Array, shape: readonly number[], strides: readonly number[]): Float32Array {
  const copy = new Float32Array(shape.reduce((product, size) => product * size, 1))
  const index = shape.map(() => 0)
  let from = 0
  for (let to = 0; to < copy.length; to++) {
    copy[to] = values[from] ?? 0
    from = advance(index, from, shape, strides)
  }
  return copy
}

/** Moves the index on by one, the last axis first; returns the new place. */
function advance(index: number[], from: number, shape: readonly number[], strides: readonly number[]): number {
  let next = from
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const position = (index[axis] ?? 0) + 1
    next += strides[axis] ?? 0
    if (position < (shape[axis] ?? 0)) {
      index[axis] = position
      return next
    }
    next -= position * (strides[axis] ?? 0)
    index[axis] = 0
  }
  return next
}
