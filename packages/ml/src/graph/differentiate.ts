// Reverse mode: adds to a graph the nodes that compute the gradients of one of its values.
import { MlError } from '../errors.ts'
import { GRADIENT, type InputGradient } from './gradient.ts'
import { floatTensor, type Graph } from './graph.ts'
import type { OperationName } from './operations.ts'
import type { Node, Value } from './types.ts'

/** Names of the values that depend on one of `wrt`. */
function dependents(nodes: readonly Node[], wrt: readonly Value[]): Set<string> {
  const names = new Set(wrt.map(({ name }) => name))
  for (const { inputs, outputs } of nodes) {
    if (!inputs.some((input) => input && names.has(input.name))) continue
    for (const { name } of outputs) names.add(name)
  }
  return names
}

function inputGradients<Op extends OperationName>(
  graph: Graph,
  node: Node<Op>,
  dy: Value,
): readonly InputGradient[] | null {
  return GRADIENT[node.op]?.(graph, node, dy) ?? null
}

/** Gradients found so far; several parts of one value's gradient are added up. */
class Found {
  readonly #graph: Graph
  readonly #values = new Map<string, Value>()

  constructor(graph: Graph) {
    this.#graph = graph
  }

  get(name: string): Value | null {
    return this.#values.get(name) ?? null
  }

  add(name: string, part: Value): void {
    const known = this.#values.get(name)
    this.#values.set(name, known ? this.#graph.add('Add', [known, part]) : part)
  }
}

/**
 * Gradients of `loss` with respect to each of `wrt` (inputs of the graph, or values inside it), as nodes of the same graph;
 * null where the loss doesn't depend on it. What no gradient needs gets no node.
 * @throws MlError SHAPE_MISMATCH where the loss is no scalar
 */
export function gradients(graph: Graph, loss: Value, wrt: readonly Value[]): (Value | null)[] {
  if (loss.shape.some((dim) => dim !== 1)) {
    throw new MlError('SHAPE_MISMATCH', `${loss.name} [${loss.shape}]: expected a scalar to differentiate`)
  }
  const forward = [...graph.nodes]
  const needed = dependents(forward, wrt)
  const found = new Found(graph)
  found.add(loss.name, oneLike(graph, loss))
  for (const node of forward.reverse()) {
    const dy = found.get(node.outputs[0]!.name)
    const rules = dy && isNeeded(node, needed) ? inputGradients(graph, node, dy) : null
    for (const [index, rule] of (rules ?? []).entries()) {
      const input = node.inputs[index]
      if (input && rule && needed.has(input.name)) found.add(input.name, rule())
    }
  }
  return wrt.map(({ name }) => found.get(name))
}

function isNeeded(node: Node, needed: ReadonlySet<string>): boolean {
  return node.inputs.some((input) => input !== null && needed.has(input.name))
}

/** The gradient of the loss itself. */
function oneLike(graph: Graph, loss: Value): Value {
  const shape = loss.shape.map(() => 1)
  return graph.constant(`one_${shape.length}`, floatTensor(Float32Array.of(1), shape))
}
