// Layer normalisation (Ba et al. 2016) composed of reductions and products.
import type { Graph, Value } from '../graph/index.ts'

/**
 * (x − mean) / √(variance + epsilon) · weight + bias over the last axis. onnxruntime runs these with vector
 * instructions; a LayerNormalization it fuses with the sum before, and then sums one element at a time: eight times as long.
 */
export function composedNorm(graph: Graph, x: Value, weight: Value, bias: Value, epsilon: number): Value {
  const centred = graph.add('Sub', [x, graph.add('ReduceMean', [x], { axis: -1 })])
  const variance = graph.add('ReduceMean', [graph.add('Mul', [centred, centred])], { axis: -1 })
  const deviation = graph.add('Sqrt', [graph.add('Add', [variance, graph.scalar(epsilon)])])
  const normed = graph.add('Mul', [centred, graph.add('Reciprocal', [deviation])])
  return graph.add('Add', [graph.add('Mul', [normed, weight]), bias])
}
