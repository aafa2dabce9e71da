// Shapes are inferred as ONNX has them, and a wrong node is an error when it is added.
import { describe, expect, it } from 'vitest'
import { bytesOf, Graph } from './index.ts'

function graphWith(): { graph: Graph; x: ReturnType<Graph['input']>; ids: ReturnType<Graph['input']> } {
  const graph = new Graph()
  return {
    graph,
    x: graph.input('x', 'float32', ['rows', 'length', 8]),
    ids: graph.input('ids', 'int64', ['rows', 'length']),
  }
}

describe('shapes', () => {
  it('broadcast from the right, names against themselves or 1', () => {
    const { graph, x } = graphWith()
    const bias = graph.input('bias', 'float32', [8])
    const perRow = graph.input('perRow', 'float32', ['rows', 1, 1])
    expect(graph.add('Add', [x, bias]).shape).toEqual(['rows', 'length', 8])
    expect(graph.add('Mul', [perRow, x]).shape).toEqual(['rows', 'length', 8])
  })

  it('of a product keep the batch and take the outer sizes', () => {
    const { graph, x } = graphWith()
    expect(graph.add('MatMul', [x, graph.input('w', 'float32', [8, 3])]).shape).toEqual(['rows', 'length', 3])
  })

  it('of gathered rows are those of the ids, then the width', () => {
    const { graph, ids } = graphWith()
    expect(graph.add('Gather', [graph.input('table', 'float32', [100, 8]), ids], { axis: 0 }).shape).toEqual([
      'rows',
      'length',
      8,
    ])
  })

  it('may be regrouped by name, and back', () => {
    const { graph, x } = graphWith()
    const flat = graph.add('Reshape', [x], { shape: ['rows·length', 8] })
    expect(flat.shape).toEqual(['rows·length', 8])
    expect(graph.add('Reshape', [x], { shape: ['rows', 'length', 2, 4] }).shape).toEqual(['rows', 'length', 2, 4])
  })

  it('that are permuted, sliced, reduced and masked are followed', () => {
    const { graph, x, ids } = graphWith()
    expect(graph.add('Transpose', [x], { perm: [2, 0, 1] }).shape).toEqual([8, 'rows', 'length'])
    expect(graph.add('Slice', [x], { axis: -1, start: 2, end: 5 }).shape).toEqual(['rows', 'length', 3])
    expect(graph.add('ReduceMax', [x], { axis: -1 }).shape).toEqual(['rows', 'length', 1])
    expect(graph.add('Unsqueeze', [ids], { axes: [1, 2] }).shape).toEqual(['rows', 1, 1, 'length'])
    expect(graph.add('Equal', [ids, ids])).toMatchObject({ type: 'bool', shape: ['rows', 'length'] })
  })
})

describe('a wrong node', () => {
  const wrong: readonly [string, (graph: Graph, x: ReturnType<Graph['input']>) => unknown, RegExp][] = [
    [
      'steps of rows that are not one a row',
      (graph, x) => graph.add('QuantizeRows', [x, graph.scalar(1), graph.scalar(0)]),
      /QuantizeRows.*expected one a row, \[rows,length,1\]/,
    ],
    [
      'biases of an attention that are not three times as wide',
      (graph, x) => graph.add('Attention', [x, x, x, graph.input('bias', 'float32', [8]), null, null], { heads: 2 }),
      /Attention.*expected one width, a multiple of 2 heads/,
    ],
    [
      'inner sizes of a product',
      (graph, x) => graph.add('MatMul', [x, graph.input('w', 'float32', [7, 3])]),
      /MatMul\(x \[rows,length,8\], w \[7,3\]\).*inner sizes/,
    ],
    [
      'two names',
      (graph, x) => graph.add('Add', [x, graph.input('y', 'float32', ['rows', 'width', 8])]),
      /length against width/,
    ],
    ['mixed types', (graph, x) => graph.add('Add', [x, graph.input('y', 'int64', [8])]), /expected float32, got int64/],
    [
      'a lost element',
      (graph, x) => graph.add('Reshape', [x], { shape: ['rows', 'length', 2, 3] }),
      /other number of elements/,
    ],
    ['no permutation', (graph, x) => graph.add('Transpose', [x], { perm: [0, 0, 1] }), /no permutation/],
    ['an axis outside', (graph, x) => graph.add('ReduceMax', [x], { axis: 3 }), /axis 3 is outside rank 3/],
    ['an absent input', (graph) => graph.add('Add', [null, null]), /input 0 is required/],
    [
      'ids that are no integers',
      (graph, x) => graph.add('Gather', [x, x], { axis: 0 }),
      /expected int32 or int64, got float32/,
    ],
    ['a condition that is no bool', (graph, x) => graph.add('Where', [x, x, x]), /expected bool, got float32/],
    [
      'bytes that are too few',
      (graph) => graph.constant('c', { type: 'float32', shape: [3], bytes: bytesOf(new Float32Array(2)) }),
      /expected 12 bytes, got 8/,
    ],
  ]
  it.each(wrong)('with %s is refused', (_, build, message) => {
    const { graph, x } = graphWith()
    expect(() => build(graph, x)).toThrow(
      expect.objectContaining({ code: 'SHAPE_MISMATCH', message: expect.stringMatching(message) }),
    )
  })
})
