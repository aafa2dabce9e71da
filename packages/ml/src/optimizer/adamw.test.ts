// AdamW against PyTorch's update in plain arithmetic, bit for bit, for whole tensors and for tables.
import { describe, expect, it } from 'vitest'
import { createRandomIndex } from '../evaluate/random.ts'
import { type AdamW, createAdamW } from './adamw.ts'
import { createParameterStore, type ParameterStore } from './parameter-store.ts'
import type { ParameterKind } from './plan-memories.ts'
import { startReference, stepReference } from './testing/pytorch-adamw.ts'

const BETAS = [0.9, 0.999] as const
const EPSILON = 1e-8
/** With a first step of 0, as after a warm-up. */
const LEARNING_RATES = [0, 1e-3, 5e-4, 2e-5, 1e-4, 3e-3, 1e-6]

const random = createRandomIndex(5)
const someFloats = (count: number): Float32Array =>
  Float32Array.from({ length: count }, () => (random(2_000_001) - 1_000_000) / 1_000_000)

/** One parameter `x`. */
function open(kind: ParameterKind, shape: readonly number[], weightDecay: number, learningRateScale = 1) {
  const store = createParameterStore([{ name: 'x', shape, kind }])
  const groups = [{ names: ['x'], weightDecay, learningRateScale }]
  return { store, adamW: createAdamW(store, { betas: BETAS, epsilon: EPSILON, groups }) }
}

describe('a dense parameter', () => {
  it.each([0, 1, 3, 4, 6, 17, 768, 1001])('of %i elements has the bits of PyTorch after several steps', (count) => {
    const { store, adamW } = open('dense', [count], 0.01)
    const values = someFloats(count)
    const reference = startReference(values)
    store.writeValues('x', values)
    for (const learningRate of LEARNING_RATES) {
      const gradients = someFloats(count)
      store.gradients('x').set(gradients)
      adamW.step({ learningRate, maxGradNorm: 0 })
      stepReference(reference, gradients, { betas: BETAS, epsilon: EPSILON, learningRate, weightDecay: 0.01 })
      expect(store.values('x')).toEqual(reference.values)
      expect(store.gradients('x')).toEqual(new Float32Array(count))
    }
  })

  it('takes gradients in parts', () => {
    const { store, adamW } = open('dense', [40_000], 0)
    const parts = [someFloats(40_000), someFloats(40_000)]
    const reference = startReference(store.values('x'))
    for (const part of parts) store.addToGradients('x', part)
    adamW.step({ learningRate: 1e-3, maxGradNorm: 0 })
    const sum = parts[0]!.map((value, index) => value + parts[1]![index]!)
    stepReference(reference, sum, { betas: BETAS, epsilon: EPSILON, learningRate: 1e-3, weightDecay: 0 })
    expect(store.values('x')).toEqual(reference.values)
  })

  it('has the learning rate of its group', () => {
    const scaled = open('dense', [10], 0.1, 0.5)
    const plain = open('dense', [10], 0.1)
    const gradients = someFloats(10)
    for (const [{ store, adamW }, learningRate] of [
      [scaled, 1e-3],
      [plain, 5e-4],
    ] as const) {
      store.values('x').fill(1)
      store.addToGradients('x', gradients)
      adamW.step({ learningRate, maxGradNorm: 0 })
    }
    expect(scaled.store.values('x')).toEqual(plain.store.values('x'))
  })
})

describe('clipping', () => {
  function openTwo(): { store: ParameterStore; adamW: AdamW } {
    const store = createParameterStore([
      { name: 'a', shape: [2], kind: 'dense' },
      { name: 'b', shape: [5, 2], kind: 'table' },
      { name: 'c', shape: [9], kind: 'frozen' },
    ])
    const groups = [{ names: ['a', 'b'], weightDecay: 0 }]
    return { store, adamW: createAdamW(store, { betas: BETAS, epsilon: EPSILON, groups }) }
  }

  it('measures the norm over all gradients, whether or not it clips', () => {
    for (const maxGradNorm of [0, 1, 100]) {
      const { store, adamW } = openTwo()
      store.addToGradients('a', Float32Array.of(1, 2))
      store.addRows('b', Int32Array.of(3, 1, 3), Float32Array.of(1, 1, 2, 4, 2, 1))
      // Row 3 has [3, 2], row 1 [2, 4].
      expect(adamW.step({ learningRate: 0.1, maxGradNorm }).gradNorm).toBe(Math.sqrt(1 + 4 + 9 + 4 + 4 + 16))
    }
  })

  it('multiplies the gradients by PyTorch’s coefficient, at most by 1', () => {
    for (const maxGradNorm of [1, 100]) {
      const { store, adamW } = openTwo()
      store.addToGradients('a', Float32Array.of(3, 4))
      adamW.step({ learningRate: 0.1, maxGradNorm })
      const clip = Math.fround(Math.min(1, maxGradNorm / (5 + 1e-6)))
      const reference = startReference(new Float32Array(2))
      const rates = { betas: BETAS, epsilon: EPSILON, learningRate: 0.1, weightDecay: 0 }
      stepReference(reference, Float32Array.of(3 * clip, 4 * clip), rates)
      expect(store.values('a')).toEqual(reference.values)
    }
  })

  it.each([Number.NaN, Infinity])('reports a gradient of %d and changes nothing', (odd) => {
    const { store, adamW } = openTwo()
    store.values('a').fill(1)
    store.addToGradients('a', Float32Array.of(1, odd))
    store.addRows('b', Int32Array.of(2), Float32Array.of(1, 1))
    expect(adamW.step({ learningRate: 0.1, maxGradNorm: 1 }).gradNorm).toBe(odd)
    expect(store.values('a')).toEqual(Float32Array.of(1, 1))
    expect(store.touchedRows('b')).toEqual(new Int32Array())
    expect(adamW.step({ learningRate: 0.1, maxGradNorm: 1 }).gradNorm).toBe(0)
  })
})

describe('a table', () => {
  const ROWS = 23

  /** Random rows, some of them twice. */
  function someRows(width: number): { ids: Int32Array; gradients: Float32Array; dense: Float32Array } {
    const ids = Int32Array.from({ length: 5 }, () => random(ROWS - 3))
    const gradients = someFloats(5 * width)
    const dense = new Float32Array(ROWS * width)
    for (const [index, value] of gradients.entries()) {
      dense[ids[Math.floor(index / width)]! * width + (index % width)]! += value
    }
    return { ids, gradients, dense }
  }

  it.each([
    [1, 0.1],
    [3, 0.1],
    [32, 0.1],
    [70, 0.1],
    [8, 0],
  ])('of width %i, decayed by %d, has the bits of a dense parameter in every row', (width, weightDecay) => {
    const { store, adamW } = open('table', [ROWS, width], weightDecay)
    const watched = open('table', [ROWS, width], weightDecay)
    const values = someFloats(ROWS * width)
    const reference = startReference(values)
    store.writeValues('x', values)
    watched.store.writeValues('x', values)
    for (const learningRate of [...LEARNING_RATES, ...LEARNING_RATES]) {
      const { ids, gradients, dense } = someRows(width)
      for (const each of [store, watched.store]) {
        each.prepareRows('x', ids)
        each.addRows('x', ids, gradients)
        expect(each.readGradients('x')).toEqual(dense)
      }
      adamW.step({ learningRate, maxGradNorm: 0 })
      watched.adamW.step({ learningRate, maxGradNorm: 0 })
      stepReference(reference, dense, { betas: BETAS, epsilon: EPSILON, learningRate, weightDecay })
      // Looked at after every step, and only at the end.
      expect(watched.store.readValues('x')).toEqual(reference.values)
    }
    const untouched = ROWS - store.touchedRows('x').length
    expect(untouched).toBeGreaterThanOrEqual(3)
    expect(store.readValues('x')).toEqual(reference.values)
    expect(store.currentValues('x')).toBe(store.values('x'))
  })

  it('has the rows of a batch up to date in place, once they are prepared', () => {
    const { store, adamW } = open('table', [4, 2], 0.5)
    store.values('x').fill(1)
    store.addRows('x', Int32Array.of(0), Float32Array.of(0, 0))
    adamW.step({ learningRate: 1, maxGradNorm: 0 })
    store.prepareRows('x', Int32Array.of(2, 2))
    expect(store.values('x')).toEqual(Float32Array.of(0.5, 0.5, 1, 1, 0.5, 0.5, 1, 1))
  })

  it('catches up on more steps than the strip holds', () => {
    const { store, adamW } = open('table', [2, 3], 0.01)
    const reference = startReference(new Float32Array(6).fill(100))
    store.writeValues('x', reference.values)
    const gradients = new Float32Array(6)
    const rates = { betas: BETAS, epsilon: EPSILON, learningRate: 1e-3, weightDecay: 0.01 }
    for (let step = 0; step < 17_000; step++) {
      store.addRows('x', Int32Array.of(0), gradients.subarray(0, 3))
      adamW.step({ learningRate: 1e-3, maxGradNorm: 1 })
      stepReference(reference, gradients, rates)
    }
    expect(store.readValues('x')).toEqual(reference.values)
  })

  it('is skipped at a step without gradients of its own, and so are frozen parameters', () => {
    const store = createParameterStore([
      { name: 'table', shape: [2, 2], kind: 'table' },
      { name: 'frozen', shape: [2], kind: 'frozen' },
    ])
    const adamW = createAdamW(store, { betas: BETAS, epsilon: EPSILON, groups: [{ names: ['table'], weightDecay: 1 }] })
    for (const name of ['table', 'frozen']) store.values(name).fill(1)
    expect(adamW.step({ learningRate: 0.5, maxGradNorm: 1 })).toEqual({ gradNorm: 0 })
    expect(store.readValues('table')).toEqual(Float32Array.of(1, 1, 1, 1))
    expect(store.values('frozen')).toEqual(Float32Array.of(1, 1))
  })

  it('forgets gradients that are discarded', () => {
    const { store, adamW } = open('table', [4, 2], 0)
    store.addRows('x', Int32Array.of(3, 1), Float32Array.of(1, 2, 3, 4))
    store.discardGradients()
    expect(store.readGradients('x')).toEqual(new Float32Array(8))
    store.addRows('x', Int32Array.of(2), Float32Array.of(0, 0))
    expect(adamW.step({ learningRate: 1, maxGradNorm: 0 })).toEqual({ gradNorm: 0 })
    expect(store.touchedRows('x')).toEqual(Int32Array.of(2))
  })
})

it('refuses groups that are not the trained parameters, each once', () => {
  const store = createParameterStore([
    { name: 'a', shape: [2], kind: 'dense' },
    { name: 'b', shape: [2], kind: 'dense' },
    { name: 'c', shape: [2], kind: 'frozen' },
  ])
  const create = (...names: string[]): AdamW =>
    createAdamW(store, { betas: BETAS, epsilon: EPSILON, groups: [{ names, weightDecay: 0 }] })
  expect(() => create('a')).toThrow('b is missing')
  expect(() => create('a', 'b', 'a')).toThrow('a twice')
  expect(() => create('a', 'b', 'c')).toThrow('c is not a trained parameter')
  expect(() => create('a', 'b', 'd')).toThrow('d is not a trained parameter')
  expect(() => create('a', 'b').step({ learningRate: Number.NaN, maxGradNorm: 1 })).toThrow('got NaN')
  expect(() => create('a', 'b').step({ learningRate: -1, maxGradNorm: 1 })).toThrow('got -1')
})
