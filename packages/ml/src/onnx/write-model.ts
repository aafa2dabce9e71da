// A graph as an ONNX file (ModelProto). Weights are kept by reference until the bytes are asked for.
import {
  DATA_TYPES,
  type Graph,
  type Node,
  type OperationName,
  type Shape,
  type TensorData,
  type Value,
} from '../graph/index.ts'
import { EMIT, type OnnxAttribute, type OnnxNode, RUNTIME_DOMAIN } from './emit.ts'
import { ProtobufWriter } from './protobuf-writer.ts'

/** The file format and the operators' version; published files have the older ones. */
const VERSIONS = { ir: 9, opset: 20 } as const
const VERSIONS_WITH_ROWS = { ir: 10, opset: 21 } as const
/** AttributeProto.type by the kind of value. */
const ATTRIBUTE_TYPES = { float: 1, int: 2, string: 3, ints: 7 } as const

function writeAttribute(writer: ProtobufWriter, name: string, attribute: OnnxAttribute): void {
  writer.string(1, name)
  if ('int' in attribute) writer.int(3, attribute.int).int(20, ATTRIBUTE_TYPES.int)
  else if ('float' in attribute) writer.float(2, attribute.float).int(20, ATTRIBUTE_TYPES.float)
  else if ('string' in attribute) writer.string(4, attribute.string).int(20, ATTRIBUTE_TYPES.string)
  else {
    for (const value of attribute.ints) writer.int(8, value)
    writer.int(20, ATTRIBUTE_TYPES.ints)
  }
}

function writeTensor(writer: ProtobufWriter, name: string, tensor: TensorData): void {
  for (const dim of tensor.shape) writer.int(1, dim)
  writer.int(2, DATA_TYPES[tensor.type]).string(8, name).bytes(9, tensor.bytes)
}

function writeShape(writer: ProtobufWriter, shape: Shape): void {
  for (const dim of shape) {
    writer.message(1, (size) => (typeof dim === 'number' ? size.int(1, dim) : size.string(2, dim)))
  }
}

function writeValueInfo(writer: ProtobufWriter, name: string, value: Value): void {
  writer.string(1, name)
  writer.message(2, (type) =>
    type.message(1, (tensor) =>
      tensor.int(1, DATA_TYPES[value.type]).message(2, (shape) => writeShape(shape, value.shape)),
    ),
  )
}

function writeNode(
  writer: ProtobufWriter,
  node: Node,
  emitted: OnnxNode,
  extra: readonly string[],
  nameOf: (value: Value) => string,
): void {
  for (const input of node.inputs) writer.string(1, input ? nameOf(input) : '')
  for (const name of extra) writer.string(1, name)
  for (const output of node.outputs) writer.string(2, nameOf(output))
  writer.string(4, emitted.type)
  if (emitted.domain !== undefined) writer.string(7, emitted.domain)
  for (const [name, attribute] of Object.entries(emitted.attributes ?? {})) {
    writer.message(5, (inner) => writeAttribute(inner, name, attribute))
  }
}

function emitNode<Op extends OperationName>(node: Node<Op>): OnnxNode {
  return EMIT[node.op](node)
}

function indexName({ shape, bytes }: TensorData): string {
  const values = new BigInt64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8)
  return `${shape.length === 0 ? 'index' : 'indices'}_${values.join('_').replaceAll('-', 'm')}`
}

function floatsOf({ bytes }: TensorData): Float32Array {
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4)
}

/** Constants that ONNX wants as inputs (axes, shapes), shared where they hold the same values. */
class HelperTensors {
  readonly all: Map<string, TensorData> = new Map()

  name(tensor: TensorData): string {
    const name = tensor.type === 'int64' ? indexName(tensor) : `values_${floatsOf(tensor).join('_')}`
    this.all.set(name, tensor)
    return name
  }
}

function writeGraph(writer: ProtobufWriter, graph: Graph, name: string): void {
  const outputNames = new Map(graph.outputs.map((output) => [output.value.name, output.name]))
  const nameOf = (value: Value): string => outputNames.get(value.name) ?? value.name
  const helpers = new HelperTensors()
  for (const node of graph.nodes) {
    const emitted = emitNode(node)
    const extra = (emitted.tensors ?? []).map((tensor) => helpers.name(tensor))
    writer.message(1, (inner) => writeNode(inner, node, emitted, extra, nameOf))
  }
  writer.string(2, name)
  for (const [tensor, data] of [...graph.constants, ...helpers.all]) {
    writer.message(5, (inner) => writeTensor(inner, tensor, data))
  }
  for (const input of graph.inputs) writer.message(11, (inner) => writeValueInfo(inner, input.name, input))
  for (const output of graph.outputs) writer.message(12, (inner) => writeValueInfo(inner, output.name, output.value))
}

/** The file's bytes in order, weights by reference: for writing to disk. */
export function onnxChunks(graph: Graph, name = 'renown'): readonly Uint8Array[] {
  const writer = new ProtobufWriter()
  const { ir, opset } = graph.nodes.some(({ op }) => op === 'QuantizeRows') ? VERSIONS_WITH_ROWS : VERSIONS
  writer.int(1, ir).string(2, 'renown')
  writer.message(7, (inner) => writeGraph(inner, graph, name))
  writer.message(8, (set) => set.string(1, '').int(2, opset))
  if (graph.nodes.some((node) => emitNode(node).domain !== undefined)) {
    writer.message(8, (set) => set.string(1, RUNTIME_DOMAIN).int(2, 1))
  }
  return writer.chunks()
}

/** The file in one piece: for making a session. */
export function writeOnnx(graph: Graph, name?: string): Uint8Array {
  const chunks = onnxChunks(graph, name)
  const bytes = new Uint8Array(chunks.reduce((total, chunk) => total + chunk.byteLength, 0))
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.byteLength
  }
  return bytes
}
