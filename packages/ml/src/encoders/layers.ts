// What an encoder asks of its weights: the same encoder runs on float weights, 8-bit weights, or weights fed as inputs.
import type { Graph, Value } from '../graph/index.ts'

/** Which of config.json's dropout probabilities holds at a place. */
export type DropoutKind = 'hidden' | 'attention' | 'classifier'

/** Where an encoder attends: which tokens ask, and which are asked. */
export interface AttentionSite {
  /** Of the parameters `prefix.query`, `prefix.key` and `prefix.value`. */
  readonly prefix: string
  readonly heads: number
  readonly from: Value // [rows, queries, width]
  readonly to: Value // [rows, tokens, width]
  /** Lays what was projected of `to` beside the rows of `from`. */
  readonly lay: (projected: Value) => Value
  /** Added to the scores: broadcasts to [rows, heads, queries, tokens]. */
  readonly mask: Value
}

/** Turns named parameters into values and products of one graph. */
export interface Layers {
  /** The graph under construction. */
  readonly graph: Graph
  /** x·Wᵀ + b with `prefix.weight` [out, in] and `prefix.bias`: [..., in] → [..., out]. */
  linear(x: Value, prefix: string): Value
  /** What each token of `from` takes from `to`, all heads side by side: [rows, queries, width]. */
  attention(site: AttentionSite): Value
  /** (x − mean) / √(variance + epsilon) · weight + bias over the last axis. */
  layerNorm(x: Value, prefix: string, epsilon: number): Value
  /** Rows of a table: ids [...] → [..., width]. */
  embed(ids: Value, name: string): Value
  /** Where the reference drops values out while it trains (Srivastava et al. 2014); elsewhere `x` itself. */
  dropout(x: Value, kind: DropoutKind): Value
}
