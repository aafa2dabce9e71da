// Attention of several heads (Vaswani et al. 2017), composed of products and a softmax.
import type { Value } from '../graph/index.ts'
import type { AttentionSite, Layers } from './layers.ts'

/** softmax(q·kᵀ / √d + mask)·v, all heads at once, in operations that every runtime has and that can be differentiated. */
export function composedAttention(layers: Layers, site: AttentionSite): Value {
  const { prefix, heads, from, to, lay, mask } = site
  const { graph } = layers
  const q = layers.linear(from, `${prefix}.query`)
  const [k, v] = [lay(layers.linear(to, `${prefix}.key`)), lay(layers.linear(to, `${prefix}.value`))]
  const [rows, length, width] = q.shape as readonly [string, string | number, number]
  const queries = splitHeads(layers, q, heads, [0, 2, 1, 3])
  const keys = splitHeads(layers, k, heads, [0, 2, 3, 1])
  const values = splitHeads(layers, v, heads, [0, 2, 1, 3])
  const scale = graph.scalar(1 / Math.sqrt(width / heads))
  const scores = graph.add('Mul', [graph.add('MatMul', [queries, keys]), scale])
  const softmax = graph.add('Softmax', [graph.add('Add', [scores, mask])], { axis: -1 })
  const probabilities = layers.dropout(softmax, 'attention')
  const context = graph.add('Transpose', [graph.add('MatMul', [probabilities, values])], { perm: [0, 2, 1, 3] })
  return graph.add('Reshape', [context], { shape: [rows, length, width] })
}

/** [rows, length, width] → [rows, heads, length, width / heads], or keys transposed for the product. */
function splitHeads(layers: Layers, x: Value, heads: number, perm: readonly number[]): Value {
  const [rows, length, width] = x.shape as readonly [string, string | number, number]
  const split = layers.graph.add('Reshape', [x], { shape: [rows, length, heads, width / heads] })
  return layers.graph.add('Transpose', [split], { perm })
}
