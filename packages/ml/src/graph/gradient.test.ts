// Every gradient rule against central differences, on seeded random shapes, broadcasting included.
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { createRandomIndex } from '../evaluate/random.ts'
import { writeOnnx } from '../onnx/index.ts'
import { GRADIENT } from './gradient.ts'
import { bytesOf, floatTensor, Graph, gradients, type OperationName, type Value } from './index.ts'

interface Case {
  readonly shapes: readonly (readonly number[])[]
  /** The value to differentiate, of any shape. */
  readonly build: (graph: Graph, inputs: readonly Value[]) => Value
  /** Makes a random number fit the operation's domain. */
  readonly domain?: (x: number) => number
}

type Seeded = (below: number) => number

const positive = (x: number): number => Math.abs(x) + 0.5
const awayFromZero = (x: number): number => x + Math.sign(x) * 0.1

/** Sizes from 1 to 4. */
function size(random: Seeded): number {
  return 1 + random(4)
}

function unaryCase(build: Case['build'], domain?: Case['domain']): (random: Seeded) => Case {
  return (random) => ({ shapes: [[size(random), size(random), size(random)]], build, ...(domain ? { domain } : {}) })
}

/** The second operand repeats along some axes, or lacks the first ones. */
function broadcastCase(op: 'Add' | 'Sub' | 'Mul' | 'Max'): (random: Seeded) => Case {
  return (random) => {
    const full = [size(random), size(random), size(random)]
    const part = full.map((dim) => (random(2) === 0 ? 1 : dim)).slice(random(3))
    const shapes = random(2) === 0 ? [full, part] : [part, full]
    return { shapes, build: (graph, [a, b]) => graph.add(op, [a!, b!]) }
  }
}

function rows(graph: Graph, name: string, values: readonly number[], shape: readonly number[]): Value {
  const wide = BigInt64Array.from(values, BigInt)
  return graph.constant(name, { type: 'int64', shape, bytes: bytesOf(wide) })
}

const CASES: { readonly [Op in OperationName]: ((random: Seeded) => Case)[] | null } = {
  Add: [broadcastCase('Add')],
  Sub: [broadcastCase('Sub')],
  Mul: [broadcastCase('Mul')],
  Max: [broadcastCase('Max')],
  Abs: [unaryCase((graph, [x]) => graph.add('Abs', [x!]), awayFromZero)],
  Sqrt: [unaryCase((graph, [x]) => graph.add('Sqrt', [x!]), positive)],
  Reciprocal: [unaryCase((graph, [x]) => graph.add('Reciprocal', [x!]), positive)],
  Exp: [unaryCase((graph, [x]) => graph.add('Exp', [x!]))],
  Erf: [unaryCase((graph, [x]) => graph.add('Erf', [x!]))],
  Tanh: [unaryCase((graph, [x]) => graph.add('Tanh', [x!]))],
  Relu: [unaryCase((graph, [x]) => graph.add('Relu', [x!]), awayFromZero)],
  Gelu: [
    unaryCase((graph, [x]) => graph.add('Gelu', [x!], { approximate: 'none' })),
    unaryCase((graph, [x]) => graph.add('Gelu', [x!], { approximate: 'tanh' })),
  ],
  Softmax: [unaryCase((graph, [x]) => graph.add('Softmax', [x!], { axis: -1 }))],
  LogSoftmax: [unaryCase((graph, [x]) => graph.add('LogSoftmax', [x!], { axis: -1 }))],
  MatMul: [
    (random) => {
      const [m, k, n] = [size(random), size(random), size(random)]
      return {
        shapes: [
          [2, 3, m, k],
          [3, k, n],
        ],
        build: (graph, [a, b]) => graph.add('MatMul', [a!, b!]),
      }
    },
    (random) => {
      const [m, k, n] = [size(random), size(random), size(random)]
      return {
        shapes: [
          [2, m, k],
          [k, n],
        ],
        build: (graph, [a, b]) => graph.add('MatMul', [a!, b!]),
      }
    },
  ],
  Linear: [
    (random) => {
      const [m, k, n] = [size(random), size(random), size(random)]
      return {
        shapes: [
          [2, m, k],
          [n, k],
        ],
        build: (graph, [x, w]) => graph.add('Linear', [x!, w!]),
      }
    },
  ],
  Gemm: [false, true].flatMap((transposeA) =>
    [false, true].map((transposeB) => (random: Seeded) => {
      const [m, k, n] = [size(random), size(random), size(random)]
      const shapes = [transposeA ? [k, m] : [m, k], transposeB ? [n, k] : [k, n]]
      return {
        shapes,
        build: (graph: Graph, [a, b]: readonly Value[]) => graph.add('Gemm', [a!, b!], { transposeA, transposeB }),
      }
    }),
  ),
  LayerNorm: [
    (random) => {
      const width = 3 + random(3)
      return {
        shapes: [[size(random), size(random), width], [width], [width]],
        build: (graph, [x, weight, bias]) => graph.add('LayerNorm', [x!, weight!, bias!], { epsilon: 1e-5 }),
      }
    },
  ],
  Reshape: [() => ({ shapes: [[2, 3, 4]], build: (graph, [x]) => graph.add('Reshape', [x!], { shape: [6, 4] }) })],
  Transpose: [unaryCase((graph, [x]) => graph.add('Transpose', [x!], { perm: [2, 0, 1] }))],
  Unsqueeze: [unaryCase((graph, [x]) => graph.add('Unsqueeze', [x!], { axes: [1, 3] }))],
  Slice: [
    () => ({ shapes: [[2, 5, 3]], build: (graph, [x]) => graph.add('Slice', [x!], { axis: 1, start: 1, end: 4 }) }),
    () => ({ shapes: [[4, 3]], build: (graph, [x]) => graph.add('Slice', [x!], { axis: 0, start: 0, end: 2 }) }),
  ],
  Gather: [
    () => ({
      shapes: [[4, 3]],
      build: (graph, [x]) => graph.add('Gather', [x!, rows(graph, 'ids', [1, 3, 1, 1], [2, 2])], { axis: 0 }),
    }),
    () => ({
      shapes: [[2, 4, 3]],
      build: (graph, [x]) => graph.add('Gather', [x!, rows(graph, 'ids', [3, 0, 3], [3])], { axis: 1 }),
    }),
  ],
  OneHot: null,
  Where: [
    (random) => {
      const full = [size(random), 4]
      const mask = Uint8Array.from({ length: 4 }, () => random(2))
      return {
        shapes: [full, [1]],
        build: (graph, [yes, no]) =>
          graph.add('Where', [graph.constant('mask', { type: 'bool', shape: [4], bytes: mask }), yes!, no!]),
      }
    },
  ],
  ReduceMax: [unaryCase((graph, [x]) => graph.add('ReduceMax', [x!], { axis: 1 }))],
  ReduceMean: [unaryCase((graph, [x]) => graph.add('ReduceMean', [x!], { axis: -1 }))],
  ReduceSum: [
    unaryCase((graph, [x]) => graph.add('ReduceSum', [x!], { axes: [0, 2] })),
    unaryCase((graph, [x]) => graph.add('ReduceSum', [x!], { axes: [-1] })),
  ],
  Shape: null,
  Equal: null,
  Not: null,
  Cast: null,
  CumSum: null,
  QuantizeLinear: null,
  QuantizeRows: null,
  MatMulInteger: null,
  ByteProduct: null,
  Attention: null,
}

function count(shape: readonly number[]): number {
  return shape.reduce((total, dim) => total * dim, 1)
}

/** Numbers from −2 to 2 that lie at least 1/512 apart from each other, so that no maximum is a tie. */
function randomTensor(shape: readonly number[], random: Seeded, domain: (x: number) => number): Float32Array {
  return Float32Array.from({ length: count(shape) }, () => domain((random(2048) - 1023.5) / 512))
}

/** Σ weights ∘ value: a scalar whose gradient with respect to the value is not the same everywhere. */
function weightedSum(graph: Graph, value: Value, random: Seeded): Value {
  const shape = value.shape as readonly number[]
  const weights = graph.constant(
    'weights',
    floatTensor(
      randomTensor(shape, random, (x) => x),
      shape,
    ),
  )
  return graph.add('ReduceSum', [graph.add('Mul', [value, weights])], { axes: shape.map((_, axis) => axis) })
}

function feedsOf(inputs: readonly Float32Array[], shapes: Case['shapes']): Record<string, Tensor> {
  return Object.fromEntries(inputs.map((data, index) => [`x${index}`, new Tensor('float32', data, shapes[index]!)]))
}

async function compare(example: Case, random: Seeded): Promise<number> {
  const graph = new Graph()
  const values = example.shapes.map((shape, index) => graph.input(`x${index}`, 'float32', shape))
  const loss = weightedSum(graph, example.build(graph, values), random)
  graph.output('loss', loss)
  gradients(graph, loss, values).forEach((gradient, index) => {
    graph.output(`d${index}`, graph.add('Add', [gradient!, graph.scalar(0)]))
  })
  const session = await InferenceSession.create(writeOnnx(graph), { intraOpNumThreads: 1, logSeverityLevel: 3 })
  const data = example.shapes.map((shape) => randomTensor(shape, random, example.domain ?? ((x) => x)))
  const results = await session.run(feedsOf(data, example.shapes))
  const lossAt = async (input: number, place: number, step: number): Promise<number> => {
    const moved = data.map((array) => Float32Array.from(array))
    moved[input]![place]! += step
    const { loss: value } = await session.run(feedsOf(moved, example.shapes), ['loss'])
    return (value!.data as Float32Array)[0]!
  }
  let worst = 0
  for (const [input, array] of data.entries()) {
    const gradient = results[`d${input}`]!
    expect(gradient.dims).toEqual(example.shapes[input])
    for (let place = 0; place < array.length; place++) {
      const step = 1 / 1024
      const slope = ((await lossAt(input, place, step)) - (await lossAt(input, place, -step))) / (2 * step)
      const found = (gradient.data as Float32Array)[place]!
      worst = Math.max(worst, Math.abs(found - slope) / Math.max(1, Math.abs(slope)))
    }
  }
  await session.release()
  return worst
}

describe('the gradient of', () => {
  const differentiable = Object.entries(CASES).flatMap(([op, cases]) => (cases ?? []).map((make) => ({ op, make })))

  it.each(differentiable)('$op is its slope', async ({ make }) => {
    for (let seed = 1; seed <= 4; seed++) {
      const random = createRandomIndex(seed)
      expect(await compare(make(random), random)).toBeLessThan(0.01)
    }
  })

  it('each operation has a rule and a check, or neither', () => {
    for (const op of Object.keys(CASES) as OperationName[])
      expect([op, GRADIENT[op] !== null]).toEqual([op, CASES[op] !== null])
  })
})

describe('gradients', () => {
  it('add up where a value is used twice, and are null where nothing depends on it', async () => {
    const graph = new Graph()
    const [x, other] = [graph.input('x', 'float32', [1]), graph.input('other', 'float32', [1])]
    const loss = graph.add('Add', [graph.add('Mul', [x, x]), graph.add('Mul', [x, graph.scalar(3)])])
    const [dx, dOther] = gradients(graph, loss, [x, other])
    expect(dOther).toBeNull()
    graph.output('dx', dx!)
    const session = await InferenceSession.create(writeOnnx(graph))
    const feeds = { x: new Tensor('float32', [5], [1]), other: new Tensor('float32', [0], [1]) }
    expect((await session.run(feeds)).dx!.data).toEqual(Float32Array.of(13))
    await session.release()
  })

  it('of values inside the graph need nothing of what they were made from', () => {
    const graph = new Graph()
    const table = graph.input('table', 'float32', [10, 4])
    const rowsTaken = graph.add('Gather', [table, rows(graph, 'ids', [1, 2], [2])], { axis: 0 })
    const loss = graph.add('ReduceSum', [graph.add('Mul', [rowsTaken, rowsTaken])], { axes: [0, 1] })
    expect(gradients(graph, loss, [rowsTaken])[0]!.shape).toEqual([2, 4])
    expect(graph.nodes.map(({ op }) => op)).not.toContain('OneHot')
  })

  it('of what is no scalar are refused', () => {
    const graph = new Graph()
    const x = graph.input('x', 'float32', [2])
    expect(() => gradients(graph, x, [x])).toThrow('expected a scalar')
  })
})

it('rows that are gathered more than once get the same sums at every run, on several threads', async () => {
  const [rowsOfTable, width, taken] = [3, 20_000, 24]
  const graph = new Graph()
  const table = graph.input('table', 'float32', [rowsOfTable, width])
  const ids = rows(
    graph,
    'ids',
    Array.from({ length: taken }, (_, index) => index % rowsOfTable),
    [taken],
  )
  const weights = graph.input('weights', 'float32', [taken, width])
  const weighted = graph.add('Mul', [graph.add('Gather', [table, ids], { axis: 0 }), weights])
  const loss = graph.add('ReduceSum', [weighted], { axes: [0, 1] })
  graph.output('gradient', gradients(graph, loss, [table])[0]!)
  const session = await InferenceSession.create(writeOnnx(graph), { intraOpNumThreads: 4 })
  const random = createRandomIndex(1)
  const data = randomTensor([taken, width], random, (x) => x)
  const feeds = {
    table: new Tensor('float32', new Float32Array(rowsOfTable * width), [rowsOfTable, width]),
    weights: new Tensor('float32', data, [taken, width]),
  }
  const expected = new Float64Array(rowsOfTable * width)
  data.forEach((value, index) => {
    expected[index % (rowsOfTable * width)]! += value
  })
  for (let run = 0; run < 20; run++) {
    const found = (await session.run(feeds)).gradient!.data as Float32Array
    expect(found.reduce((worst, value, index) => Math.max(worst, Math.abs(value - expected[index]!)), 0)).toBeLessThan(
      1e-4,
    )
  }
  await session.release()
})
