// Workers that fail, end or hang: real threads over the real scorer, with faults on purpose.
import { readFileSync, writeFileSync } from 'node:fs'
import { isRefusal } from '@renown/reputation'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { FaultKit } from './testing/faults.ts'
import { closeEngines, expectAnswer, makeTexts, record, runEngine, until } from './testing/running-engine.ts'
import { idOf, openTiny } from './testing/tiny-models.ts'

const folder = await openTiny('tiny-bert')
const trigger = await idOf('hate')
const kit = new FaultKit()

afterEach(closeEngines)
afterAll(() => kit.clean())

describe.each(['reject', 'exit', 'crash'] as const)('a run that fails (%s)', (fault) => {
  it('once is repeated, and every text is answered', async () => {
    const { observer, restarts } = record()
    const entry = kit.entry({ [fault]: trigger, marker: kit.path() })
    const engine = await runEngine(folder, { workerEntry: entry, observer })
    const outcomes = await engine.classify([...makeTexts(20), 'hate', ...makeTexts(20, 'more')])
    expect(outcomes.map((outcome) => expectAnswer(outcome).windows)).toEqual(new Array(41).fill(1))
    expect(restarts.length).toBe(fault === 'reject' ? 0 : 1)
    expect(engine.stats().workerRestarts).toBe(restarts.length)
    expect(engine.health().ready).toBe(true)
  })

  it('always because of one text refuses that text alone', async () => {
    const { observer, rejections } = record()
    const engine = await runEngine(folder, { workerEntry: kit.entry({ [fault]: trigger }), observer })
    const together = await engine.classify([...makeTexts(10), 'i hate this', ...makeTexts(10, 'more')])
    expect(together.map(isRefusal)).toEqual([...new Array(10).fill(false), true, ...new Array(10).fill(false)])
    expect(together[10]).toMatchObject({ error: { code: 'WORKER_FAILED' } })
    const [alone] = await engine.classify(['hate it'])
    expect(alone).toMatchObject({ error: { code: 'WORKER_FAILED' } })
    expectAnswer((await engine.classify(['fine']))[0])
    expect(rejections).toEqual(['worker', 'worker'])
    expect(engine.stats()).toMatchObject({ calls: 0, queuedTexts: 0, runningTokens: 0 })
  })

  it('does not stand in the way of closing', async () => {
    const engine = await runEngine(folder, { workerEntry: kit.entry({ [fault]: trigger }) })
    const call = engine.classify(['hate', ...makeTexts(5)])
    await engine.close()
    expect((await call).map(isRefusal)).toEqual([true, false, false, false, false, false])
  })
})

describe('a worker whose runs all fail', () => {
  it('is replaced', async () => {
    const { observer, restarts } = record()
    const engine = await runEngine(folder, { workerEntry: kit.entry({ reject: trigger }), observer })
    const outcomes = await engine.classify(['hate 1', 'hate 2', 'hate 3'])
    expect(outcomes.map(isRefusal)).toEqual([true, true, true])
    expect(restarts[0]).toContain('its runs fail')
    expectAnswer((await engine.classify(['fine']))[0])
  })
})

describe('a worker that cannot start again', () => {
  it('fails what waits and what comes, and readiness, until it can', async () => {
    const log = kit.path()
    const { observer } = record()
    const entry = kit.entry({ exit: trigger, log, starts: 1 })
    const engine = await runEngine(folder, { workerEntry: entry, observer })
    await engine.classify(['known'])
    const waiting = engine.classify(['hate', 'others'], { priority: 'bulk', whenFull: 'wait' })
    await expect(waiting).rejects.toMatchObject({ code: 'WORKER_FAILED' })
    await expect(engine.classify(['new'])).rejects.toMatchObject({ code: 'WORKER_FAILED' })
    const wait = engine.classify(['new'], { priority: 'bulk', whenFull: 'wait' })
    await expect(wait).rejects.toMatchObject({ code: 'WORKER_FAILED' })
    expect(engine.health()).toMatchObject({ ready: false, reason: expect.stringContaining('no more starts') })
    expect(expectAnswer((await engine.classify(['known']))[0]).cached).toBe(true)
    expect(readFileSync(log, 'utf8').split('\n').length).toBeGreaterThan(4)
    expect(engine.stats()).toMatchObject({ calls: 0, queuedTexts: 0, queuedTokens: 0 })
  })

  it('at all fails the start of the engine', async () => {
    const entry = kit.entry({ log: kit.path(), starts: 0 })
    await expect(runEngine(folder, { workerEntry: entry })).rejects.toMatchObject({
      code: 'MODEL_LOAD_FAILED',
      message: expect.stringContaining('no more starts'),
    })
  })
})

describe('a run that hangs', () => {
  it('fails readiness and new requests until it returns, then everything is answered', async () => {
    const release = kit.path()
    const engine = await runEngine(folder, { workerEntry: kit.entry({ hang: trigger, release }), runTimeoutMs: 200 })
    await engine.classify(['known'])
    const hanging = engine.classify(['hate'])
    await until(() => engine.stats().runningTokens > 0)
    const behind = engine.classify(['behind'])
    await until(() => !engine.health().ready)
    expect(engine.health().reason).toBe('a run takes longer than 200 ms')
    await expect(engine.classify(['new'])).rejects.toMatchObject({ code: 'WORKER_FAILED' })
    expect(expectAnswer((await engine.classify(['known']))[0]).cached).toBe(true)
    writeFileSync(release, '')
    expectAnswer((await hanging)[0])
    expectAnswer((await behind)[0])
    expect(engine.health()).toEqual({ ready: true, reason: null })
    expectAnswer((await engine.classify(['new']))[0])
  })

  it('does not hold up closing for ever', async () => {
    const release = kit.path()
    const engine = await runEngine(folder, { workerEntry: kit.entry({ hang: trigger, release }), runTimeoutMs: 200 })
    const call = engine.classify(['hate'])
    await until(() => engine.stats().runningTokens > 0)
    const closed = engine.close({ deadlineMs: 50 })
    await expect(call).rejects.toMatchObject({ code: 'CLOSED' })
    await closed
    // Lets the thread end by itself: ending this process inside its run would abort it.
    writeFileSync(release, '')
  })

  it('is not waited for when another model takes over', async () => {
    const release = kit.path()
    const engine = await runEngine(folder, { workerEntry: kit.entry({ hang: trigger, release }), runTimeoutMs: 200 })
    const hanging = engine.classify(['hate'])
    await until(() => !engine.health().ready)
    const roberta = await openTiny('tiny-roberta')
    await engine.swap(roberta)
    expect(expectAnswer((await engine.classify(['new']))[0]).model).toBe(roberta.manifest.version)
    expect(engine.health().ready).toBe(false)
    writeFileSync(release, '')
    expect(expectAnswer((await hanging)[0]).model).toBe(folder.manifest.version)
    await until(() => engine.health().ready)
  })
})
