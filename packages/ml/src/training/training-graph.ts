// One training step as a graph: packed texts in; loss and gradients out. The encoder is the one that is served.
import { buildClassifier, classifierParameters, type DropoutKind, type EncoderConfig } from '../encoders/index.ts'
import { type Graph, gradients, type Shape, type Value } from '../graph/index.ts'
import { type GatheredRows, type MaskInput, TrainingLayers } from './training-layers.ts'

export interface TrainingGraphOptions {
  /** Names of the parameters whose gradients are wanted. */
  readonly trained: ReadonlySet<string>
  readonly dropout: ReadonlySet<DropoutKind>
  /** With the second term of the loss. */
  readonly soft: boolean
}

/** The gradient of gathered rows, and what was gathered: several tables where the encoder reads their sum. */
export interface RowsGradient {
  readonly output: string
  readonly shape: Shape
  readonly of: readonly GatheredRows[]
}

export interface TrainingGraph {
  readonly graph: Graph
  /** Parameters that are fed, by name. */
  readonly parameters: readonly string[]
  readonly masks: readonly MaskInput[]
  /** Parameters whose gradients are outputs under the name `gradientName(parameter)`. */
  readonly dense: readonly string[]
  /** Gradients of gathered rows: [rows, length, width], or [1, 1, width] for token types. */
  readonly sparse: readonly RowsGradient[]
  /** All rows that are gathered from tables. */
  readonly gathered: readonly GatheredRows[]
}

export const LOSS = 'loss'

export function gradientName(parameter: string): string {
  return `gradient/${parameter}`
}

function shapesOf(config: EncoderConfig): Map<string, readonly number[]> {
  return new Map(classifierParameters(config).map(({ name, shape }) => [name, shape]))
}

/** −Σ targets · log softmax(logits · scale) */
function crossEntropy(graph: Graph, logits: Value, targets: string, scale?: Value): Value {
  const fed = graph.input(targets, 'float32', logits.shape)
  const scaled = scale ? graph.add('Mul', [logits, scale]) : logits
  const weighted = graph.add('Mul', [graph.add('LogSoftmax', [scaled], { axis: -1 }), fed])
  return graph.add('Mul', [graph.add('ReduceSum', [weighted], { axes: [0, 1] }), graph.scalar(-1)])
}

/** Inputs `targets` [texts, labels] and, with the second term, `soft_targets` and `inverse_temperature`. */
function lossOf(graph: Graph, logits: Value, soft: boolean): Value {
  const hard = crossEntropy(graph, logits, 'targets')
  if (!soft) return hard
  const scale = graph.input('inverse_temperature', 'float32', [])
  return graph.add('Add', [hard, crossEntropy(graph, logits, 'soft_targets', scale)])
}

/** Gathered rows that share one gradient (their sum is what the encoder reads) are one output. */
function sparseOutputs(graph: Graph, rows: readonly GatheredRows[], found: readonly (Value | null)[]): RowsGradient[] {
  const byValue = new Map<Value, GatheredRows[]>()
  for (const [index, each] of rows.entries()) {
    const value = found[index]
    if (value) byValue.set(value, [...(byValue.get(value) ?? []), each])
  }
  return [...byValue].map(([value, of], index) => {
    const output = `gradient/rows_${index}`
    graph.output(output, value)
    return { output, shape: value.shape, of }
  })
}

/** Forward, loss and backward of one micro-batch. */
export function buildTrainingGraph(config: EncoderConfig, options: TrainingGraphOptions): TrainingGraph {
  const layers = new TrainingLayers({ shapes: shapesOf(config), dropout: options.dropout })
  const { graph } = layers
  const loss = lossOf(graph, buildClassifier(layers, config, 'packed'), options.soft)
  const tables = new Set(layers.gathered.map(({ table }) => table))
  const dense = [...layers.parameters.keys()].filter((name) => options.trained.has(name) && !tables.has(name))
  const rows = layers.gathered.filter(({ table }) => options.trained.has(table))
  const wanted = [...dense.map((name) => layers.parameters.get(name)!), ...rows.map(({ value }) => value)]
  const found = gradients(graph, loss, wanted)
  graph.output(LOSS, loss)
  for (const [index, name] of dense.entries()) graph.output(gradientName(name), found[index]!)
  return {
    graph,
    dense,
    parameters: [...layers.parameters.keys()],
    masks: layers.masks,
    sparse: sparseOutputs(graph, rows, found.slice(dense.length)),
    gathered: layers.gathered,
  }
}

/** The forward half alone, its weights fed: for evaluation while training. */
export function buildForwardGraph(config: EncoderConfig): Pick<TrainingGraph, 'graph' | 'parameters' | 'gathered'> {
  const layers = new TrainingLayers({ shapes: shapesOf(config), dropout: new Set() })
  buildClassifier(layers, config, 'packed')
  return { graph: layers.graph, parameters: [...layers.parameters.keys()], gathered: layers.gathered }
}
