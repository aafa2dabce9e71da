// The committed bytes of the kernels are those of their sources, and compute what their comments say at every size.
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import loadWabt from 'wabt'
import { DROPOUT_WASM } from './dropout.wasm.ts'
import type { Kernels } from './kernels.ts'
import { KERNELS_WASM } from './kernels.wasm.ts'
import { loadWasm } from './web-assembly.ts'

/** Around the width of a vector, and of what the loops take at once. */
const SIZES = [0, 1, 3, 4, 5, 7, 8, 9, 31, 32, 33, 100]

it.each([
  ['dropout.wat', DROPOUT_WASM],
  ['kernels.wat', KERNELS_WASM],
])('%s assembles to the bytes that are committed', async (file, committed) => {
  const wabt = await loadWabt()
  const assembled = wabt.parseWat(file, readFileSync(new URL(file, import.meta.url), 'utf8'), { simd: true })
  assembled.validate()
  expect(Buffer.from(assembled.toBinary({}).buffer).toString('base64')).toBe(committed)
  assembled.destroy()
})

/** Floats whose sums and products round. */
function someFloats(count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, index) => Math.sin(index + 1) / 3)
}

function openKernels() {
  const { kernels, buffer } = loadWasm<Kernels>(KERNELS_WASM)(4096)
  return { kernels, floats: new Float32Array(buffer) }
}

it.each(SIZES)('adds %i floats and leaves the one behind them alone', (count) => {
  const { kernels, floats } = openKernels()
  const source = someFloats(count)
  floats.set(source, 1)
  floats.fill(0.7, 501, 501 + count + 1)
  kernels.add(501 * 4, 1 * 4, count)
  const added = source.map((value) => value + Math.fround(0.7))
  expect(floats.slice(501, 501 + count + 1)).toEqual(Float32Array.of(...added, 0.7))
})

it.each(SIZES)('sums the squares of %i floats', (count) => {
  const { kernels, floats } = openKernels()
  floats.fill(1e30)
  const source = someFloats(count)
  floats.set(source, 3)
  const sum = source.reduce((total, value) => total + value * value, 0)
  expect(kernels.sumOfSquares(3 * 4, count)).toBeCloseTo(sum, 12)
  expect(kernels.sumOfSquares(3 * 4, count)).toBe(kernels.sumOfSquares(3 * 4, count))
})

it.each(SIZES.slice(1))('sees one element that is not finite among %i', (count) => {
  const { kernels, floats } = openKernels()
  for (const odd of [Number.NaN, Infinity]) {
    for (let place = 0; place < count; place++) {
      floats.set(someFloats(count))
      floats[place] = odd
      expect(kernels.sumOfSquares(0, count)).toBe(odd)
    }
  }
})

it.each(SIZES)('multiplies %i floats by one factor after the other', (count) => {
  const { kernels, floats } = openKernels()
  const source = someFloats(count)
  const factors = Float32Array.of(0.999, 0.75, 0.9999)
  floats.set(source, 5)
  floats[5 + count] = 8
  floats.set(factors, 700)
  kernels.multiplyBySeries(5 * 4, count, 700 * 4, factors.length)
  const expected = factors.reduce((values, factor) => values.map((value) => value * factor), source)
  expect(floats.slice(5, 5 + count + 1)).toEqual(Float32Array.of(...expected, 8))
})
