// 8-bit products with a scale a token: close to the product in floats, the same in published and in served operations.
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { floatTensor, Graph } from '../graph/index.ts'
import { writeOnnx } from '../onnx/index.ts'
import { quantizeLinear, ZERO_POINT } from './tensors.ts'
import { type QuantizedWeight, servedProduct, tokenwiseProduct } from './tokenwise-product.ts'

const [INPUTS, OUTPUTS] = [48, 20]
const WEIGHT = Float32Array.from({ length: OUTPUTS * INPUTS }, (_, index) => Math.sin(index) / (1 + (index % 7)))
/** Three tokens: an ordinary one, one of nothing but zeros, and one a million times smaller. */
const TOKENS = [1, 0, 1e-6].map((size) => Float32Array.from({ length: INPUTS }, (_, index) => size * Math.cos(index)))

type Product = typeof tokenwiseProduct

const served: Product = (graph, x, weight) => servedProduct(graph, x, weight, new Map())

async function multiply(product: Product): Promise<number[]> {
  const graph = new Graph()
  const { data, scales } = quantizeLinear(WEIGHT, OUTPUTS, INPUTS)
  const weight: QuantizedWeight = {
    values: graph.constant('values', { type: 'uint8', shape: [INPUTS, OUTPUTS], bytes: data }),
    scales: graph.constant('scales', floatTensor(scales, [OUTPUTS])),
    zeroPoint: graph.constant('zero', { type: 'uint8', shape: [], bytes: Uint8Array.of(ZERO_POINT) }),
  }
  graph.output('y', product(graph, graph.input('x', 'float32', ['rows', 'length', INPUTS]), weight))
  const session = await InferenceSession.create(writeOnnx(graph))
  const x = Float32Array.from(TOKENS.flatMap((token) => [...token]))
  const { y } = await session.run({ x: new Tensor('float32', x, [1, TOKENS.length, INPUTS]) })
  await session.release()
  return Array.from(y!.data as Float32Array)
}

/** In floats, output by output. */
function exact(token: Float32Array): number[] {
  return Array.from({ length: OUTPUTS }, (_, output) =>
    token.reduce((sum, value, input) => sum + value * WEIGHT[output * INPUTS + input]!, 0),
  )
}

describe('a product of tokens with 8-bit weights', () => {
  it.each([
    ['published', tokenwiseProduct],
    ['served', served],
  ])('as %s is the product in floats but for the steps of bytes, for tokens of any size', async (_, product) => {
    const products = await multiply(product)
    for (const [row, token] of TOKENS.entries()) {
      const size = Math.max(...token.map(Math.abs))
      const wanted = exact(token)
      for (const [output, value] of wanted.entries()) {
        expect(Math.abs(products[row * OUTPUTS + output]! - value)).toBeLessThanOrEqual(0.06 * size)
      }
    }
  })

  it('is the same published and served, and zero for a token of nothing but zeros', async () => {
    const [published, other] = [await multiply(tokenwiseProduct), await multiply(served)]
    for (const [index, value] of published.entries()) expect(other[index]).toBeCloseTo(value, 5)
    expect(other.slice(OUTPUTS, 2 * OUTPUTS).every((value) => value === 0)).toBe(true)
  })
})
