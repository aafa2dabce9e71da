// Files that our writer makes run in onnxruntime as the graph says, and their tensors read back as they were.
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { bytesOf, floatTensor, Graph, type Value } from '../graph/index.ts'
import { readOnnxTensors, writeOnnx } from './index.ts'
import { ProtobufWriter } from './protobuf-writer.ts'

const X = Float32Array.of(1, -2, 3, 4, 0.5, -6)

async function run(build: (graph: Graph, x: Value) => Value): Promise<{ dims: readonly number[]; data: number[] }> {
  const graph = new Graph()
  graph.output('y', build(graph, graph.input('x', 'float32', ['rows', 3])))
  const session = await InferenceSession.create(writeOnnx(graph))
  const { y } = await session.run({ x: new Tensor('float32', X, [2, 3]) })
  await session.release()
  return { dims: y!.dims, data: Array.from(y!.data as Float32Array, Number) }
}

/** Worked by hand, or from a closed form. */
const CASES: readonly [string, (graph: Graph, x: Value) => Value, readonly number[], readonly number[]][] = [
  ['Add', (graph, x) => graph.add('Add', [x, x]), [2, 3], [2, -4, 6, 8, 1, -12]],
  ['Sub', (graph, x) => graph.add('Sub', [x, graph.scalar(1)]), [2, 3], [0, -3, 2, 3, -0.5, -7]],
  ['Max', (graph, x) => graph.add('Max', [x, graph.scalar(0.75)]), [2, 3], [1, 0.75, 3, 4, 0.75, 0.75]],
  ['Abs', (graph, x) => graph.add('Abs', [x]), [2, 3], [1, 2, 3, 4, 0.5, 6]],
  ['Sqrt', (graph, x) => graph.add('Sqrt', [graph.add('Mul', [x, x])]), [2, 3], [1, 2, 3, 4, 0.5, 6]],
  ['Reciprocal', (graph, x) => graph.add('Reciprocal', [x]), [2, 3], [1, -0.5, 1 / 3, 0.25, 2, -1 / 6]],
  ['Relu', (graph, x) => graph.add('Relu', [x]), [2, 3], [1, 0, 3, 4, 0.5, 0]],
  ['Tanh', (graph, x) => graph.add('Tanh', [x]), [2, 3], [...X].map(Math.tanh)],
  // Φ(1), Φ(−2), … of the standard normal table, times x
  [
    'Gelu',
    (graph, x) => graph.add('Gelu', [x], { approximate: 'none' }),
    [2, 3],
    [0.841345, -0.0455, 2.99595, 3.999873, 0.345731, 0],
  ],
  [
    'Softmax',
    (graph, x) => graph.add('Softmax', [x], { axis: -1 }),
    [2, 3],
    [0.1185, 0.0059, 0.8756, 0.9706, 0.0293, 0.0000441],
  ],
  ['Transpose', (graph, x) => graph.add('Transpose', [x], { perm: [1, 0] }), [3, 2], [1, 4, -2, 0.5, 3, -6]],
  ['Reshape', (graph, x) => graph.add('Reshape', [x], { shape: ['rows', 1, 3] }), [2, 1, 3], [...X]],
  ['Slice', (graph, x) => graph.add('Slice', [x], { axis: 1, start: 1, end: 3 }), [2, 2], [-2, 3, 0.5, -6]],
  ['Unsqueeze', (graph, x) => graph.add('Unsqueeze', [x], { axes: [0, 2] }), [1, 2, 1, 3], [...X]],
  ['ReduceMax', (graph, x) => graph.add('ReduceMax', [x], { axis: -1 }), [2, 1], [3, 4]],
  ['ReduceMean', (graph, x) => graph.add('ReduceMean', [x], { axis: -1 }), [2, 1], [2 / 3, -0.5]],
  [
    'Where, Equal and Not',
    (graph, x) =>
      graph.add('Where', [graph.add('Not', [graph.add('Equal', [x, graph.scalar(3)])]), graph.scalar(0), x]),
    [2, 3],
    [0, 0, 3, 0, 0, 0],
  ],
  [
    'MatMul',
    (graph, x) => graph.add('MatMul', [x, graph.constant('w', floatTensor(Float32Array.of(1, 0, 2), [3, 1]))]),
    [2, 1],
    [7, -8],
  ],
  [
    'Cast and Gather',
    (graph, x) =>
      graph.add(
        'Gather',
        [x, graph.constant('one', { type: 'int64', shape: [1], bytes: bytesOf(BigInt64Array.of(1n)) })],
        { axis: 0 },
      ),
    [1, 3],
    [4, 0.5, -6],
  ],
  ['CumSum', (graph, x) => graph.add('CumSum', [x]), [2, 3], [1, -1, 2, 4, 4.5, -1.5]],
  // round half to even: 1, −2, 3, 4, 0.5 → 0, −6, around 128
  [
    'QuantizeLinear and MatMulInteger',
    (graph, x) => {
      const middle = graph.constant('middle', { type: 'uint8', shape: [], bytes: Uint8Array.of(128) })
      const zero = graph.constant('zero', { type: 'int8', shape: [], bytes: Uint8Array.of(0) })
      const weight = graph.constant('bytes', { type: 'int8', shape: [3, 1], bytes: bytesOf(Int8Array.of(1, -1, 100)) })
      const sums = graph.add('MatMulInteger', [
        graph.add('QuantizeLinear', [x, graph.scalar(1), middle]),
        weight,
        middle,
        zero,
      ])
      return graph.add('Cast', [sums], { to: 'float32' })
    },
    [2, 1],
    [303, -596],
  ],
  // steps of 3 and of 4, halves to even: 0, −1, 1 and 1, 0, −2, around 100
  [
    'QuantizeRows',
    (graph, x) => {
      const middle = graph.constant('middle', { type: 'uint8', shape: [], bytes: Uint8Array.of(100) })
      const largest = graph.add('ReduceMax', [x], { axis: -1 })
      const none = graph.add('Sub', [largest, largest])
      const middles = graph.add('QuantizeLinear', [none, graph.scalar(1), middle])
      return graph.add('Cast', [graph.add('QuantizeRows', [x, largest, middles])], { to: 'float32' })
    },
    [2, 3],
    [100, 99, 101, 101, 100, 98],
  ],
  // (x − 128) · (w − 0) · 0.5 · 2, and the same a tenth as large in the second column
  [
    'ByteProduct',
    (graph, x) => {
      const middle = graph.constant('middle', { type: 'uint8', shape: [], bytes: Uint8Array.of(128) })
      const zero = graph.constant('zero', { type: 'int8', shape: [], bytes: Uint8Array.of(0) })
      const bytes = Int8Array.of(1, 1, -1, -1, 100, 100)
      const weight = graph.constant('bytes', { type: 'int8', shape: [3, 2], bytes: bytesOf(bytes) })
      const scales = graph.constant('scales', floatTensor(Float32Array.of(2, 0.2), [2]))
      const whole = graph.add('QuantizeLinear', [x, graph.scalar(1), middle])
      return graph.add('ByteProduct', [whole, weight, graph.scalar(0.5), scales, middle, zero])
    },
    [2, 2],
    [303, 30.3, -596, -59.6],
  ],
  // Two rows of one head: equal scores give the mean of the values that the mask leaves, biases included.
  [
    'Attention',
    (graph, x) => {
      const row = graph.add('Unsqueeze', [x], { axes: [0] })
      const zeros = graph.add('Mul', [row, graph.scalar(0)])
      const bias = graph.constant('bias', floatTensor(Float32Array.of(0, 0, 0, 0, 0, 0, 10, 20, 30), [9]))
      const mask = graph.constant('mask', floatTensor(Float32Array.of(0, 0, 0, -1e9), [1, 1, 2, 2]))
      return graph.add('Attention', [zeros, zeros, row, bias, null, mask], { heads: 1 })
    },
    [1, 2, 3],
    [12.5, 19.25, 28.5, 11, 18, 33],
  ],
]

describe('an emitted node', () => {
  it.each(CASES)('%s computes what it says', async (_, build, dims, expected) => {
    const { dims: actualDims, data } = await run(build)
    expect(actualDims).toEqual(dims)
    expected.forEach((value, index) => {
      expect(data[index]).toBeCloseTo(value, 4)
    })
  })
})

describe('tensors in a file', () => {
  function file(): Uint8Array {
    const graph = new Graph()
    const x = graph.input('x', 'float32', [1, 3])
    graph.output('y', graph.add('Mul', [x, graph.constant('named', floatTensor(Float32Array.of(1.5, -2, 0), [3]))]))
    return writeOnnx(graph)
  }

  it('read back as they were written', () => {
    const tensor = readOnnxTensors(file()).get('named')!
    expect(tensor).toMatchObject({ type: 'float32', shape: [3] })
    expect([...new Float32Array(new Uint8Array(tensor.bytes).buffer)]).toEqual([1.5, -2, 0])
  })

  it('of a file cut at any byte are refused with a code, or whole', () => {
    const whole = file()
    for (let length = 0; length < whole.length; length++) {
      try {
        readOnnxTensors(whole.subarray(0, length))
      } catch (error) {
        expect(error).toMatchObject({ code: 'MODEL_FILE_INVALID' })
      }
    }
  })

  it('whose bytes are not as many as their shape says are refused', () => {
    const writer = new ProtobufWriter()
    writer.message(7, (graph) =>
      graph.message(5, (tensor) => tensor.int(1, 1_000_000).int(2, 1).string(8, 'liar').bytes(9, new Uint8Array(4))),
    )
    const [bytes] = [Uint8Array.from(writer.chunks().flatMap((chunk) => [...chunk]))]
    expect(() => readOnnxTensors(bytes)).toThrow(/liar \[1000000\]: expected 4000000 bytes, got 4/)
  })

  it('of something else entirely are refused', () => {
    expect(() => readOnnxTensors(new TextEncoder().encode('this is not an ONNX file at all'))).toThrow(
      expect.objectContaining({ code: 'MODEL_FILE_INVALID' }),
    )
  })
})
