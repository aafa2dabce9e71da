// A known answer that tells whether 8-bit products of signed weights saturate on this CPU.
import { Tensor } from 'onnxruntime-node'
import { createSession } from '../create-session.ts'
import { bytesOf, Graph } from '../graph/index.ts'
import { writeOnnx } from '../onnx/index.ts'

const [ROWS, INNER, COLUMNS] = [4, 64, 16]

/** 255 · 127 summed over pairs exceeds 16 bits, where instructions before VNNI cut off. */
function probeGraph(): Graph {
  const graph = new Graph()
  const x = graph.input('x', 'uint8', [ROWS, INNER])
  const weight = graph.constant('w', {
    type: 'int8',
    shape: [INNER, COLUMNS],
    bytes: bytesOf(new Int8Array(INNER * COLUMNS).fill(127)),
  })
  const zeroX = graph.constant('zero_x', { type: 'uint8', shape: [], bytes: Uint8Array.of(0) })
  const zeroW = graph.constant('zero_w', { type: 'int8', shape: [], bytes: Uint8Array.of(0) })
  graph.output('y', graph.add('MatMulInteger', [x, weight, zeroX, zeroW]))
  return graph
}

/**
 * Whether uint8 × int8 products come out wrong here: they do on AVX2 without VNNI, where pairs of products are added in
 * saturating 16-bit arithmetic. Asked of the runtime itself; a CPU's name can't be trusted.
 */
export async function dotProductsSaturate(): Promise<boolean> {
  const session = await createSession(writeOnnx(probeGraph()), { intraOpNumThreads: 1 })
  try {
    const x = new Tensor('uint8', new Uint8Array(ROWS * INNER).fill(255), [ROWS, INNER])
    const { y } = await session.run({ x })
    return (y!.data as Int32Array).some((sum) => sum !== 255 * 127 * INNER)
  } finally {
    await session.release()
  }
}
