// Float activations times 8-bit weights, in standard ONNX operations.
import { bytesOf, type Graph, type Value } from '../graph/index.ts'
import { ZERO_POINT } from './tensors.ts'

/** An 8-bit weight as constants of a graph. */
export interface QuantizedWeight {
  readonly values: Value // [in, out], uint8 or int8
  readonly scales: Value // [out]
  readonly zeroPoint: Value // scalar, of the values' type
}

/** One step of a token's activations, as a share of their largest magnitude: bytes 1 … 255 around 128. */
const STEP = 1 / 127
/** Keeps a token of nothing but zeros from a division by zero. */
const SMALLEST = 1e-20

/**
 * x [..., in] × weight → [..., out]. Each token's activations get a scale of their own: finer than one scale for the
 * whole batch, as onnxruntime's dynamic quantisation has it, and a text's answer doesn't hang on its neighbours.
 */
export function tokenwiseProduct(graph: Graph, x: Value, weight: QuantizedWeight): Value {
  const smallest = graph.constant('smallest_magnitude', {
    type: 'float32',
    shape: [],
    bytes: bytesOf(Float32Array.of(SMALLEST)),
  })
  const largest = graph.add('Max', [magnitudeOf(graph, x), smallest])
  const sums = graph.add('MatMulInteger', [
    toBytes(graph, x, largest),
    weight.values,
    middleOf(graph),
    weight.zeroPoint,
  ])
  const scales = graph.add('Mul', [graph.scalar(STEP), weight.scales])
  return graph.add('Mul', [graph.add('Mul', [graph.add('Cast', [sums], { to: 'float32' }), scales]), largest])
}

/**
 * The same in fewer steps, with an operation of onnxruntime's own. A token of nothing but zeros needs no care: whichever
 * bytes 0 / 0 becomes, their product is multiplied by 0.
 * @param middles zero points of activations by shape, made at their first use
 */
export function servedProduct(graph: Graph, x: Value, weight: QuantizedWeight, middles: Map<string, Value>): Value {
  const [step, middle] = [graph.scalar(STEP), middleOf(graph)]
  const largest = magnitudeOf(graph, x)
  const shape = largest.shape.join()
  const all = middles.get(shape) ?? middlesLike(graph, largest)
  middles.set(shape, all)
  const bytes = graph.add('QuantizeRows', [x, graph.add('Mul', [largest, step]), all])
  const { values, scales, zeroPoint } = weight
  return graph.add('Mul', [graph.add('ByteProduct', [bytes, values, step, scales, middle, zeroPoint]), largest])
}

/** Each token's largest magnitude: [..., in] → [..., 1]. */
function magnitudeOf(graph: Graph, x: Value): Value {
  return graph.add('ReduceMax', [graph.add('Abs', [x])], { axis: -1 })
}

function toBytes(graph: Graph, x: Value, largest: Value): Value {
  const normed = graph.add('Mul', [x, graph.add('Reciprocal', [largest])])
  return graph.add('QuantizeLinear', [normed, graph.scalar(STEP), middleOf(graph)])
}

/** The zero point, as often as `like` has elements: their differences from themselves as bytes. */
function middlesLike(graph: Graph, like: Value): Value {
  return graph.add('QuantizeLinear', [graph.add('Sub', [like, like]), graph.scalar(1), middleOf(graph)])
}

function middleOf(graph: Graph): Value {
  return graph.constant('activation_zero_point', { type: 'uint8', shape: [], bytes: Uint8Array.of(ZERO_POINT) })
}
