// What the guard's word does, and that the memory of it outlives the process and a file that can't be read.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDeploymentMetrics } from '../metrics/deployment-metrics.ts'
import { createTestEngine, TEST_FOLDER } from '../test-support.ts'
import { createGuard } from './guard.ts'
import { LiveDeployment, type LiveParts } from './live-deployment.ts'
import { openRefusals } from './refusals.ts'
import { createShadow } from './shadow.ts'

const logger = pino({ level: 'silent' })

let home: string
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'renown-live-'))
})
afterAll(async () => await rm(home, { recursive: true, force: true }))

/** Loads nothing, and keeps the model before as the real one does. */
function createSwapping(): LiveParts['engine'] {
  const model = { ...createTestEngine().model(), loadedAt: new Date(0) }
  let kept: typeof model | null = null
  return {
    model: () => model,
    health: () => ({ ready: true, reason: null }),
    previous: () => kept,
    async swap() {
      kept = model
      return model
    },
    rollback() {
      const back = kept
      kept = null
      return back
    },
  }
}

test('a model that fails is rolled back by itself, once, and a server that starts later knows', async () => {
  const guard = createGuard(60_000, () => 0)
  const refusals = openRefusals(home, logger)
  const folder = { ...TEST_FOLDER, manifest: { ...TEST_FOLDER.manifest, version: 'test-2' } }
  const target = { reference: 'v2', open: async () => folder }
  const deployment = new LiveDeployment({
    engine: createSwapping(),
    first: { reference: 'v1', folder: TEST_FOLDER },
    source: { name: 'champion', usualSeconds: 5, look: async () => target },
    refusals,
    guard,
    shadow: createShadow({ share: 0, random: () => 0, now: () => 0, onCompared: () => undefined }),
    onNotLoaded: () => undefined,
    metrics: createDeploymentMetrics(new Registry()),
    logger,
    now: () => 0,
    open: (wanted) => wanted.open(),
  })
  await deployment.begin()
  expect((await deployment.check()).serving.reference).toBe('v2')
  await deployment.watch()
  expect(deployment.status().serving.reference).toBe('v2')
  guard.failed(500)
  await deployment.watch()
  await deployment.watch()
  expect(await deployment.check()).toMatchObject({
    serving: { reference: 'v1' },
    previous: null,
    refused: [{ reference: 'v2', code: 'ROLLED_BACK_BY_GUARD', reason: '500 of 500 texts failed, 0 of 0 before' }],
  })
  const later = openRefusals(home, logger)
  await later.read()
  expect(later.find('v2')?.code).toBe('ROLLED_BACK_BY_GUARD')
  expect(later.lastServed('champion')).toBe('v1')
})

test.each(['', 'not JSON', '[]', '{"format": 1, "served": {}, "refused": [{}]}', '{"format": 2}'])(
  'a memory that reads %j is none, and is written anew',
  async (text) => {
    const folder = await mkdtemp(join(home, 'memory-'))
    await writeFile(join(folder, 'deployment.json'), text)
    const refusals = openRefusals(folder, logger)
    await refusals.read()
    expect(refusals.list()).toEqual([])
    await refusals.change(() => ({ served: { champion: 'v1' }, refused: [] }))
    const again = openRefusals(folder, logger)
    await again.read()
    expect(again.lastServed('champion')).toBe('v1')
  },
)

test('where the memory can’t be written it lasts as long as the process', async () => {
  const refusals = openRefusals(join(home, 'nowhere'), logger)
  await refusals.change(() => ({ served: { champion: 'v1' }, refused: [] }))
  await refusals.read()
  expect(refusals.lastServed('champion')).toBe('v1')
})
