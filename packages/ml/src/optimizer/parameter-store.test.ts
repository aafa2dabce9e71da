// Where parameters lie: in one memory or several, anywhere in them, and only as real as they are used.
import { expect, it } from 'vitest'
import { createAdamW } from './adamw.ts'
import { createParameterStore, type ParameterStoreOptions } from './parameter-store.ts'
import { type ParameterSpec, planMemories, STRIP_FLOATS } from './plan-memories.ts'

const STRIP_BYTES = STRIP_FLOATS * 4

const SPECS: readonly ParameterSpec[] = [
  { name: 'a', shape: [70, 3], kind: 'table' },
  { name: 'b', shape: [7], kind: 'dense' },
  { name: 'c', shape: [11, 13], kind: 'frozen' },
  { name: 'd', shape: [0, 4], kind: 'dense' },
  { name: 'e', shape: [], kind: 'dense' },
  { name: 'f', shape: [40, 9], kind: 'dense' },
]

it('places every array once, aligned, and opens a memory where one is full', () => {
  const limit = STRIP_BYTES + 6000
  const { memories, placements } = planMemories(SPECS, limit)
  expect(memories.length).toBeGreaterThan(1)
  const ranges = [...placements.values()].flatMap(({ memory, length, values, trained }) =>
    [values, ...Object.values(trained ?? {})].map((start) => ({ memory, start, end: start + length * 4 })),
  )
  for (const [index, range] of ranges.entries()) {
    expect(range.start % 16).toBe(0)
    expect(range.start).toBeGreaterThanOrEqual(STRIP_BYTES)
    expect(range.end).toBeLessThanOrEqual(memories[range.memory]!)
    const later = ranges.slice(index + 1).filter(({ memory }) => memory === range.memory)
    expect(later.filter(({ start, end }) => start < range.end && range.start < end && end > start)).toEqual([])
  }
  expect(Math.max(...memories)).toBeLessThanOrEqual(limit)
})

/** Values after two steps. */
function train(options: ParameterStoreOptions): Map<string, Float32Array> {
  const store = createParameterStore(SPECS, options)
  const trained = SPECS.filter(({ kind }) => kind !== 'frozen').map(({ name }) => name)
  const adamW = createAdamW(store, {
    betas: [0.9, 0.99],
    epsilon: 1e-8,
    groups: [{ names: trained, weightDecay: 0.1 }],
  })
  for (const { name } of SPECS)
    store.writeValues(
      name,
      store.values(name).map((_, index) => Math.sin(index)),
    )
  for (const ids of [Int32Array.of(1, 69), Int32Array.of(69, 5)]) {
    for (const { name, kind } of SPECS) {
      if (kind === 'dense')
        store.addToGradients(
          name,
          store.values(name).map((value) => value / 3),
        )
      if (kind === 'table') store.addRows(name, ids, Float32Array.of(1, 2, 3, 4, 5, 6))
    }
    adamW.step({ learningRate: 0.01, maxGradNorm: 1 })
  }
  return new Map(SPECS.map(({ name }) => [name, store.readValues(name)]))
}

it('trains to the same bits in one memory and in several', () => {
  expect(train({ memoryLimitBytes: STRIP_BYTES + 6000 })).toEqual(train({}))
})

it('refuses a parameter that no memory holds, and a name that comes twice', () => {
  expect(() => createParameterStore([{ name: 'x', shape: [2 ** 28, 4], kind: 'dense' }])).toThrow(RangeError)
  expect(() => createParameterStore([...SPECS, ...SPECS.slice(0, 1)])).toThrow('a twice')
})

it('reaches parameters behind 2 GiB, and costs no memory until it is used', () => {
  const before = process.memoryUsage().rss
  const store = createParameterStore([
    { name: 'far', shape: [600_000, 1024], kind: 'frozen' },
    { name: 'x', shape: [100, 1000], kind: 'dense' },
    { name: 'table', shape: [50_000, 768], kind: 'table' },
  ])
  const adamW = createAdamW(store, {
    betas: [0.9, 0.9],
    epsilon: 0.01,
    groups: [{ names: ['x', 'table'], weightDecay: 0 }],
  })
  expect(store.values('x').byteOffset).toBeGreaterThan(2 ** 31)
  store.gradients('x').fill(1)
  store.addRows('table', Int32Array.of(49_999), new Float32Array(768).fill(1))
  expect(adamW.step({ learningRate: 1, maxGradNorm: 0 }).gradNorm).toBe(Math.sqrt(100_768))
  const [first, last] = [store.values('x')[0]!, store.values('table').at(-1)]
  expect(first).toBeCloseTo(-1 / 1.01, 6)
  expect(last).toBe(first)
  expect(process.memoryUsage().rss - before).toBeLessThan(200e6)
})

it('keeps the rows of a step together: a large table’s gradients take the memory of the rows that a step has', () => {
  const store = createParameterStore([{ name: 'table', shape: [100_000, 768], kind: 'table' }])
  const before = process.memoryUsage().rss
  const row = new Float32Array(768).fill(1)
  for (let id = 0; id < 100_000; id++) {
    store.addRows('table', Int32Array.of(id), row)
    if (id % 500 === 0) store.discardGradients()
  }
  expect(process.memoryUsage().rss - before).toBeLessThan(150e6)
})

it('refuses rows that a table does not have and arrays of another length, before anything is added', () => {
  const store = createParameterStore(SPECS)
  expect(() => store.addRows('a', Int32Array.of(1, 70), new Float32Array(6).fill(1))).toThrow(RangeError)
  expect(() => store.addRows('a', Int32Array.of(-1), new Float32Array(3).fill(1))).toThrow(RangeError)
  expect(() => store.addRows('a', Int32Array.of(1), new Float32Array(6).fill(1))).toThrow('expected 3 values, got 6')
  expect(() => store.prepareRows('a', Int32Array.of(70))).toThrow(RangeError)
  expect(store.readGradients('a')).toEqual(new Float32Array(210))
  expect(() => store.addToGradients('b', new Float32Array(6))).toThrow('expected 7 values, got 6')
  expect(() => store.writeValues('b', new Float32Array(8))).toThrow('expected 7 values, got 8')
})

it('refuses names and kinds that it does not have', () => {
  const store = createParameterStore(SPECS)
  expect(() => store.values('z')).toThrow('no z')
  expect(() => store.gradients('a')).toThrow('no dense a')
  expect(() => store.addToGradients('c', new Float32Array(143))).toThrow('no dense c')
  expect(() => store.addRows('b', new Int32Array(), new Float32Array())).toThrow('no table b')
  expect(() => createParameterStore([{ name: 'x', shape: [3], kind: 'table' }])).toThrow('[rows, width], got [3]')
})
