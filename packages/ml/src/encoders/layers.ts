// What an encoder asks of its weights: the same encoder runs on float weights, 8-bit weights, or weights fed as inputs.
import type { Graph, Value } from '../graph/index.ts'

/** Which of config.json's dropout probabilities holds at a place. */
export type DropoutKind = 'hidden' | 'attention' | 'classifier'

/** Turns named parameters into values and products of one graph. */
export interface Layers {
  /** The graph under construction. */
  readonly graph: Graph
  /** x·Wᵀ + b with `prefix.weight` [out, in] and `prefix.bias`: [..., in] → [..., out]. */
  linear(x: Value, prefix: string): Value
  /** (x − mean) / √(variance + epsilon) · weight + bias over the last axis. */
  layerNorm(x: Value, prefix: string, epsilon: number): Value
  /** Rows of a table: ids [...] → [..., width]. */
  embed(ids: Value, name: string): Value
  /** Where the reference drops values out while it trains (Srivastava et al. 2014); elsewhere `x` itself. */
  dropout(x: Value, kind: DropoutKind): Value
}
