// Layers over weights in memory: float products for float tensors, 8-bit products for quantised ones.
import { type AttentionSite, composedAttention, type Layers } from '../encoders/index.ts'
import { MlError } from '../errors.ts'
import { floatTensor, type Graph, type Value } from '../graph/index.ts'
import { composedNorm } from './norms.ts'
import {
  type ClassifierWeights,
  type FloatTensor,
  flipSign,
  type QuantizedTensor,
  type WeightTensor,
  ZERO_POINT,
} from './tensors.ts'
import { type QuantizedWeight, servedProduct, tokenwiseProduct } from './tokenwise-product.ts'

/** How 8-bit weights are held: both hold the same values; which is fast and exact depends on the CPU. */
export type ByteEncoding = 'uint8' | 'int8'

/** Names of the tensors that hold an 8-bit weight in a file. */
export function quantizedNames(name: string): { readonly values: string; readonly scales: string } {
  return { values: `${name}_quantized`, scales: `${name}_scale` }
}

function zeroPoint(graph: Graph, encoding: ByteEncoding): Value {
  const bytes = Uint8Array.of(encoding === 'uint8' ? ZERO_POINT : 0)
  return graph.constant(`zero_point_${encoding}`, { type: encoding, shape: [], bytes })
}

function quantizedWeight(graph: Graph, name: string, tensor: QuantizedTensor, encoding: ByteEncoding): QuantizedWeight {
  const names = quantizedNames(name)
  const bytes = encoding === 'uint8' ? tensor.data : flipSign(tensor.data)
  return {
    values: graph.constant(names.values, { type: encoding, shape: tensor.shape, bytes }),
    scales: graph.constant(names.scales, floatTensor(tensor.scales, [tensor.scales.length])),
    zeroPoint: zeroPoint(graph, encoding),
  }
}

/** Rows of an 8-bit table, times their scales. */
function embedQuantized(graph: Graph, ids: Value, name: string, table: QuantizedTensor): Value {
  const names = quantizedNames(name)
  const values = graph.constant(names.values, { type: 'uint8', shape: table.shape, bytes: table.data })
  const scales = graph.constant(names.scales, floatTensor(table.scales, [table.scales.length, 1]))
  const rows = graph.add('Cast', [graph.add('Gather', [values, ids], { axis: 0 })], { to: 'float32' })
  const centred = graph.add('Sub', [rows, graph.scalar(ZERO_POINT)])
  return graph.add('Mul', [centred, graph.add('Gather', [scales, ids], { axis: 0 })])
}

/** In operations that every runtime has: what published files are made of. */
class WeightLayers implements Layers {
  readonly graph: Graph
  readonly #weights: ClassifierWeights
  readonly #encoding: ByteEncoding

  constructor(graph: Graph, weights: ClassifierWeights, encoding: ByteEncoding) {
    this.graph = graph
    this.#weights = weights
    this.#encoding = encoding
  }

  linear(x: Value, prefix: string): Value {
    return this.graph.add('Add', [this.product(x, `${prefix}.weight`), this.parameter(`${prefix}.bias`)])
  }

  attention(site: AttentionSite): Value {
    return composedAttention(this, site)
  }

  layerNorm(x: Value, prefix: string, epsilon: number): Value {
    const [weight, bias] = [this.parameter(`${prefix}.weight`), this.parameter(`${prefix}.bias`)]
    return composedNorm(this.graph, x, weight, bias, epsilon)
  }

  embed(ids: Value, name: string): Value {
    const table = this.tensor(name)
    if (table.kind === 'quantized') return embedQuantized(this.graph, ids, name, table)
    return this.graph.add('Gather', [this.parameter(name), ids], { axis: 0 })
  }

  dropout(x: Value): Value {
    return x
  }

  /** x·Wᵀ. */
  protected product(x: Value, name: string): Value {
    const weight = this.tensor(name)
    if (weight.kind === 'quantized') {
      return this.byteProduct(x, quantizedWeight(this.graph, name, weight, this.#encoding))
    }
    return this.graph.add('MatMul', [x, this.graph.add('Transpose', [this.parameter(name)], { perm: [1, 0] })])
  }

  protected byteProduct(x: Value, weight: QuantizedWeight): Value {
    return tokenwiseProduct(this.graph, x, weight)
  }

  protected tensor(name: string): WeightTensor {
    const tensor = this.#weights.get(name)
    if (!tensor) throw new MlError('WEIGHTS_MISSING', `expected the weight ${name}, got none`)
    return tensor
  }

  protected parameter(name: string): Value {
    const { data, shape } = this.floats(name)
    return this.graph.constant(name, floatTensor(data, shape))
  }

  protected floats(name: string): FloatTensor {
    const tensor = this.tensor(name)
    if (tensor.kind !== 'float') throw new MlError('WEIGHTS_INVALID', `${name}: expected float32, got 8-bit values`)
    return tensor
  }
}

/** With the runtime's own operations, which do several steps in one: a short text's time goes by their number. */
class ServedLayers extends WeightLayers {
  readonly #middles = new Map<string, Value>()

  override attention({ prefix, heads, from, to, lay, mask }: AttentionSite): Value {
    const q = this.product(from, `${prefix}.query.weight`)
    const [k, v] = ['key', 'value'].map((name) => lay(this.product(to, `${prefix}.${name}.weight`)))
    return this.graph.add('Attention', [q, k!, v!, this.#biases(prefix), null, mask], { heads })
  }

  override layerNorm(x: Value, prefix: string, epsilon: number): Value {
    const [weight, bias] = [this.parameter(`${prefix}.weight`), this.parameter(`${prefix}.bias`)]
    return this.graph.add('LayerNorm', [x, weight, bias], { epsilon })
  }

  protected override byteProduct(x: Value, weight: QuantizedWeight): Value {
    return servedProduct(this.graph, x, weight, this.#middles)
  }

  #biases(prefix: string): Value {
    const parts = ['query', 'key', 'value'].map((name) => this.floats(`${prefix}.${name}.bias`).data)
    const joined = Float32Array.from(parts.flatMap((part) => [...part]))
    return this.graph.constant(`${prefix}.biases`, floatTensor(joined, [joined.length]))
  }
}

/** Layers that put these weights into the graph as constants; `encoding` is that of the 8-bit ones. */
export function weightLayers(graph: Graph, weights: ClassifierWeights, encoding: ByteEncoding): Layers {
  return new WeightLayers(graph, weights, encoding)
}

/** The same for a session of onnxruntime: the same answers, faster; no other runtime runs such a graph. */
export function servedLayers(graph: Graph, weights: ClassifierWeights, encoding: ByteEncoding): Layers {
  return new ServedLayers(graph, weights, encoding)
}
