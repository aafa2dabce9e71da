// A training that is saved and resumed has the bits of one that is not; a file that doesn't fit changes nothing.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRandomIndex } from '../evaluate/random.ts'
import { openSafetensors, type TensorToWrite, writeSafetensors } from '../weights/index.ts'
import { type AdamW, createAdamW } from './adamw.ts'
import { createParameterStore, type ParameterStore } from './parameter-store.ts'
import type { ParameterSpec } from './plan-memories.ts'

const SPECS: readonly ParameterSpec[] = [
  { name: 'table', shape: [40, 6], kind: 'table' },
  { name: 'rare', shape: [9, 2], kind: 'table' },
  { name: 'dense', shape: [5, 7], kind: 'dense' },
  { name: 'frozen', shape: [3], kind: 'frozen' },
]

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'renown-optimizer-'))
})
afterAll(() => rm(folder, { recursive: true }))

interface Training {
  readonly store: ParameterStore
  readonly adamW: AdamW
}

function startTraining(specs = SPECS): Training {
  const store = createParameterStore(specs)
  const trained = specs.filter(({ kind }) => kind !== 'frozen').map(({ name }) => name)
  const groups = [{ names: trained, weightDecay: 0.1 }]
  for (const { name } of specs)
    store.writeValues(
      name,
      store.values(name).map((_, index) => Math.cos(index)),
    )
  return { store, adamW: createAdamW(store, { betas: [0.9, 0.999], epsilon: 1e-8, groups }) }
}

/** The same for the same number, whatever came before. The rare table has no gradients at odd steps. */
function train({ store, adamW }: Training, step: number): void {
  const random = createRandomIndex(step)
  const floats = (count: number): Float32Array => Float32Array.from({ length: count }, () => random(1000) / 500 - 1)
  const ids = Int32Array.of(random(40), random(40), random(40))
  store.prepareRows('table', ids)
  store.addRows('table', ids, floats(18))
  if (step % 2 === 0) store.addRows('rare', Int32Array.of(random(9)), floats(2))
  store.addToGradients('dense', floats(35))
  adamW.step({ learningRate: 0.01 / (step + 1), maxGradNorm: 1 })
}

const valuesOf = ({ store }: Training): Float32Array[] => SPECS.map(({ name }) => store.readValues(name))

async function save({ store, adamW }: Training, name: string): Promise<{ weights: string; optimizer: string }> {
  const paths = { weights: join(folder, `${name}-weights`), optimizer: join(folder, `${name}-optimizer`) }
  await writeSafetensors(
    paths.weights,
    SPECS.map(({ name, shape }) => ({ name, shape, data: () => store.currentValues(name) })),
  )
  await adamW.save(paths.optimizer)
  return paths
}

async function load({ store, adamW }: Training, paths: { weights: string; optimizer: string }): Promise<void> {
  const source = await openSafetensors(paths.weights)
  for (const { name } of SPECS) store.writeValues(name, await source.read(name))
  await source.close()
  await adamW.load(paths.optimizer)
}

describe('a resumed training', () => {
  it.each([0, 1, 4, 9])('has the bits of one that never stopped, saved after %i steps', async (saved) => {
    const whole = startTraining()
    for (let step = 0; step < 12; step++) train(whole, step)

    const first = startTraining()
    for (let step = 0; step < saved; step++) train(first, step)
    const paths = await save(first, `after-${saved}`)
    const resumed = startTraining()
    await load(resumed, paths)
    expect(resumed.store.touchedRows('table')).toEqual(first.store.touchedRows('table'))
    for (let step = saved; step < 12; step++) {
      train(first, step)
      train(resumed, step)
    }
    expect(valuesOf(first)).toEqual(valuesOf(whole))
    expect(valuesOf(resumed)).toEqual(valuesOf(whole))
    const [a, b] = [await save(first, 'a'), await save(resumed, 'b')]
    expect(await readFile(b.optimizer)).toEqual(await readFile(a.optimizer))
  })

  it('forgets what the store was before', async () => {
    const whole = startTraining()
    for (let step = 0; step < 3; step++) train(whole, step)
    const paths = await save(whole, 'short')
    const other = startTraining()
    for (let step = 20; step < 30; step++) train(other, step)
    other.store.addToGradients('dense', new Float32Array(35).fill(1))
    other.store.addRows('rare', Int32Array.of(1), Float32Array.of(1, 1))
    await load(other, paths)
    for (let step = 3; step < 9; step++) {
      train(whole, step)
      train(other, step)
    }
    expect(valuesOf(other)).toEqual(valuesOf(whole))
  })
})

describe('a file that does not fit', () => {
  let good: { metadata: Record<string, string>; tensors: TensorToWrite[] }
  beforeAll(async () => {
    const training = startTraining()
    for (let step = 0; step < 3; step++) train(training, step)
    const { optimizer } = await save(training, 'good')
    const source = await openSafetensors(optimizer)
    const tensors: TensorToWrite[] = []
    for (const { name, shape } of source.list()) tensors.push({ name, shape, data: await source.read(name) })
    good = { metadata: { ...source.metadata }, tensors }
    await source.close()
  })

  const steps = (change: Record<string, unknown>): Record<string, string> => ({
    ...good.metadata,
    steps: JSON.stringify({ ...JSON.parse(good.metadata.steps!), ...change }),
  })
  const replaced = (name: string, shape: readonly number[], data: Float32Array): TensorToWrite[] =>
    good.tensors.map((tensor) => (tensor.name === name ? { name, shape, data } : tensor))
  const without = (name: string): TensorToWrite[] => good.tensors.filter((tensor) => tensor.name !== name)
  const rareRows = (...rows: number[]): TensorToWrite[] => replaced('rare.rows', [rows.length], Float32Array.from(rows))

  const CASES: Record<string, () => { metadata?: Record<string, string>; tensors?: TensorToWrite[] }> = {
    'another format': () => ({ metadata: { ...good.metadata, format: 'pt' } }),
    'no steps': () => ({ metadata: { format: good.metadata.format! } }),
    'steps that are no object': () => ({ metadata: { ...good.metadata, steps: '7' } }),
    'steps that are null': () => ({ metadata: { ...good.metadata, steps: 'null' } }),
    'half a step': () => ({ metadata: steps({ dense: 1.5 }) }),
    'a step before the first': () => ({ metadata: steps({ dense: -1 }) }),
    'a step that is a text': () => ({ metadata: steps({ dense: '3' }) }),
    'steps of another model': () => ({ metadata: steps({ pooler: 3 }) }),
    'no moments': () => ({ tensors: without('dense.exp_avg_sq') }),
    'no rows': () => ({ tensors: without('table.rows') }),
    'another shape': () => ({ tensors: replaced('dense.exp_avg', [7, 5], new Float32Array(35)) }),
    'moments of fewer rows': () => ({ tensors: rareRows(0, 1, 2, 3, 4, 5) }),
    'a row twice': () => ({ tensors: rareRows(2, 2) }),
    'a row that the table does not have': () => ({ tensors: rareRows(1, 9) }),
    'half a row': () => ({ tensors: rareRows(0.5, 1) }),
    'a row that is no number': () => ({ tensors: rareRows(Number.NaN, 1) }),
  }

  it.each(Object.keys(CASES))('with %s is refused and changes nothing', async (what) => {
    const path = join(folder, 'bad')
    const { metadata = good.metadata, tensors = good.tensors } = CASES[what]!()
    await writeSafetensors(path, tensors, { metadata })
    await expectRefused(path)
  })

  it('because it is cut off, or no safetensors file, is refused and changes nothing', async () => {
    const path = join(folder, 'cut')
    const bytes = await readFile(join(folder, 'good-optimizer'))
    for (const length of [0, 7, 100, bytes.length - 1]) {
      await writeFile(path, bytes.subarray(0, length))
      await expectRefused(path)
    }
  })

  async function expectRefused(path: string): Promise<void> {
    const training = startTraining()
    const untouched = startTraining()
    for (let step = 0; step < 2; step++) {
      train(training, step)
      train(untouched, step)
    }
    await expect(training.adamW.load(path)).rejects.toMatchObject({ code: 'CHECKPOINT_INVALID' })
    train(training, 2)
    train(untouched, 2)
    expect(valuesOf(training)).toEqual(valuesOf(untouched))
  }
})
