// A graph under construction: inputs, constants, nodes, outputs. Every node is checked as it is added.
import { MlError } from '../errors.ts'
import { BYTES_PER_ELEMENT, type DataType } from './data-types.ts'
import type { AttributesOf, OperationName } from './operations.ts'
import { SHAPE } from './shape.ts'
import type { Node, Shape, TensorData, Value } from './types.ts'

export class Graph {
  readonly inputs: Value[] = []
  readonly constants: Map<string, TensorData> = new Map()
  readonly nodes: Node[] = []
  readonly outputs: { readonly name: string; readonly value: Value }[] = []
  readonly #constantValues = new Map<string, Value>()
  #count = 0

  /** A value that is fed at every run. */
  input(name: string, type: DataType, shape: Shape): Value {
    const value: Value = { name, type, shape }
    this.inputs.push(value)
    return value
  }

  /** A tensor inside the graph; the same name again gives the same value. */
  constant(name: string, data: TensorData): Value {
    const known = this.#constantValues.get(name)
    if (known) return known
    const size = data.shape.reduce((total, dim) => total * dim, 1) * BYTES_PER_ELEMENT[data.type]
    if (size !== data.bytes.byteLength) {
      throw new MlError(
        'SHAPE_MISMATCH',
        `${name} [${data.shape}]: expected ${size} bytes, got ${data.bytes.byteLength}`,
      )
    }
    const value: Value = { name, type: data.type, shape: data.shape }
    this.constants.set(name, data)
    this.#constantValues.set(name, value)
    return value
  }

  /** A float32 scalar inside the graph. */
  scalar(x: number): Value {
    return this.constant(`scalar_${x}`, { type: 'float32', shape: [], bytes: bytesOf(Float32Array.of(x)) })
  }

  /** Adds a node; returns its first output. */
  add<Op extends OperationName>(
    op: Op,
    inputs: readonly (Value | null)[],
    ...attributes: Record<string, never> extends AttributesOf<Op> ? [AttributesOf<Op>?] : [AttributesOf<Op>]
  ): Value {
    return this.addAll(op, inputs, ...attributes)[0]!
  }

  /** Adds a node; returns all its outputs. */
  addAll<Op extends OperationName>(
    op: Op,
    inputs: readonly (Value | null)[],
    ...[given]: Record<string, never> extends AttributesOf<Op> ? [AttributesOf<Op>?] : [AttributesOf<Op>]
  ): readonly Value[] {
    const attributes = (given ?? {}) as AttributesOf<Op>
    const types = shapesOf(op, inputs, attributes)
    const outputs = types.map((type) => ({ name: `${op}_${this.#count++}`, ...type }))
    this.nodes.push({ op, inputs, outputs, attributes } as Node)
    return outputs
  }

  /** Names a value as a result. */
  output(name: string, value: Value): void {
    this.outputs.push({ name, value })
  }
}

function shapesOf<Op extends OperationName>(
  op: Op,
  inputs: readonly (Value | null)[],
  attributes: AttributesOf<Op>,
): ReturnType<(typeof SHAPE)[Op]> {
  try {
    return SHAPE[op](inputs, attributes as never) as ReturnType<(typeof SHAPE)[Op]>
  } catch (error) {
    if (!(error instanceof MlError)) throw error
    const shapes = inputs.map((value) => (value ? `${value.name} [${value.shape}]` : '–')).join(', ')
    throw new MlError(error.code, `${op}(${shapes}): ${error.message}`)
  }
}

/** The bytes under a typed array, without a copy. */
export function bytesOf(array: ArrayBufferView): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
}

/** A float32 constant's data. */
export function floatTensor(data: Float32Array, shape: readonly number[]): TensorData {
  return { type: 'float32', shape, bytes: bytesOf(data) }
}
