// Sessions of onnxruntime for training: one thread pool, weights fed without a copy.
import { type InferenceSession, Tensor } from 'onnxruntime-node'
import { createSession } from '../create-session.ts'
import type { Graph } from '../graph/index.ts'
import { writeOnnx } from '../onnx/index.ts'
import type { ParameterStore } from '../optimizer/index.ts'
import { gatheredIds, type PackedBatch } from './feeds.ts'
import type { GatheredRows } from './training-layers.ts'

export function openSession(graph: Graph, threads: number): Promise<InferenceSession> {
  return createSession(writeOnnx(graph), {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
  })
}

/** The parameters' values as tensors over the store's memory. */
export function parameterFeeds(store: ParameterStore, names: readonly string[]): Record<string, Tensor> {
  return Object.fromEntries(
    names.map((name) => [name, new Tensor('float32', store.values(name), store.parameters.get(name)!.spec.shape)]),
  )
}

/** Brings the rows that a batch will gather up to date. */
export function prepareTables(store: ParameterStore, gathered: readonly GatheredRows[], batch: PackedBatch): void {
  for (const { table, ids } of gathered) {
    if (store.parameters.get(table)!.spec.kind === 'table') store.prepareRows(table, gatheredIds(ids, batch))
  }
}
