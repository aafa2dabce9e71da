// A full queue, priorities, callers who leave, deadlines and closing, over real workers.
import { afterEach, describe, expect, it } from 'vitest'
import { closeEngines, expectAnswer, makeTexts, record, runEngine, until } from './testing/running-engine.ts'
import { openTiny } from './testing/tiny-models.ts'

afterEach(closeEngines)

const folder = await openTiny('tiny-bert')

describe('a full queue', () => {
  it('refuses with OVERLOADED and says when to come back, and serves again when there is room', async () => {
    const { observer, rejections } = record()
    const engine = await runEngine(folder, { maxQueueTokens: 200, batchTokens: 50, observer })
    const calls = makeTexts(300).map((text) => engine.classify([text]))
    const settled = await Promise.allSettled(calls)
    const refused = settled.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))
    expect(refused.length).toBeGreaterThan(100)
    expect(refused.length).toBeLessThan(300)
    for (const error of refused) {
      expect(error).toMatchObject({ code: 'OVERLOADED', retryAfterSeconds: expect.any(Number) })
      expect(error.retryAfterSeconds).toBeGreaterThanOrEqual(1)
      expect(error.retryAfterSeconds).toBeLessThanOrEqual(30)
    }
    expect(rejections).toEqual(refused.map(() => 'overloaded'))
    expectAnswer((await engine.classify(['one more']))[0])
    expect(engine.stats()).toMatchObject({ calls: 0, queuedTexts: 0, queuedTokens: 0, runningTokens: 0 })
  })

  it('refuses a batch as a whole: none of its texts is computed', async () => {
    const { observer, sequences } = record()
    const engine = await runEngine(folder, { maxQueueTokens: 300, batchTokens: 50, observer })
    const first = engine.classify(makeTexts(20, 'first'))
    const second = engine.classify(makeTexts(20, 'second'))
    await expect(second).rejects.toMatchObject({ code: 'OVERLOADED' })
    await first
    expect(sequences()).toBe(20)
  })

  it('says beforehand that a text would be refused, and counts that as a rejection', async () => {
    const rejections: string[] = []
    const engine = await runEngine(folder, {
      maxQueueTokens: 200,
      batchTokens: 50,
      observer: { rejected: (reason) => rejections.push(reason) },
    })
    expect(engine.overloaded()).toBeNull()
    const busy = engine.classify(makeTexts(40))
    await new Promise(setImmediate)
    expect(engine.overloaded()).toBeGreaterThanOrEqual(1)
    expect(rejections).toEqual(['overloaded'])
    await busy
    expect(engine.overloaded()).toBeNull()
  })

  it('still answers what is known', async () => {
    const engine = await runEngine(folder, { maxQueueTokens: 200, batchTokens: 50 })
    await engine.classify(['known'])
    const busy = engine.classify(makeTexts(40))
    await expect(engine.classify(['unknown'])).rejects.toMatchObject({ code: 'OVERLOADED' })
    expect(expectAnswer((await engine.classify(['known']))[0]).cached).toBe(true)
    await busy
  })

  it('is not made of one long text: it takes turns with the others', async () => {
    const engine = await runEngine(folder, { maxQueueTokens: 200, batchTokens: 50 })
    const long = engine.classify(['love the phone '.repeat(2000)])
    await until(() => engine.stats().runningTokens > 0)
    for (const text of makeTexts(5)) expectAnswer((await engine.classify([text]))[0])
    expect(engine.stats().calls).toBe(1)
    expectAnswer((await long)[0])
  })

  it('lets callers who wait through, within its bounds', async () => {
    const engine = await runEngine(folder, { maxQueueTokens: 400, batchTokens: 50 })
    const calls = ['a', 'b', 'c'].map((name) =>
      engine.classify(makeTexts(150, name), { priority: 'bulk', whenFull: 'wait' }),
    )
    const outcomes = (await Promise.all(calls)).flat()
    expect(outcomes.map((outcome) => expectAnswer(outcome).windows)).toEqual(new Array(450).fill(1))
    expect(engine.stats().peakTokens).toBeLessThanOrEqual(450)
  })

  it('says how many texts waited at once since it was last asked, though none waits any more', async () => {
    const engine = await runEngine(folder, { batchTokens: 50 })
    await engine.classify(makeTexts(60, 'peak'))
    const { queuedTexts, peakTexts } = engine.stats()
    expect(queuedTexts).toBe(0)
    expect(peakTexts).toBeGreaterThan(10)
    expect(peakTexts).toBeLessThanOrEqual(60)
    expect(engine.stats().peakTexts).toBe(0)
  })

  it('answers callers who wait in the order in which they came', async () => {
    const engine = await runEngine(folder, { maxQueueTokens: 100, batchTokens: 50 })
    const order: string[] = []
    const calls = ['a', 'b', 'c', 'd'].map((name) =>
      engine.classify(makeTexts(40, name), { priority: 'bulk', whenFull: 'wait' }).then(() => order.push(name)),
    )
    await Promise.all(calls)
    expect(order).toEqual(['a', 'b', 'c', 'd'])
  })
})

describe('priorities', () => {
  it('let an interactive text overtake bulk work', async () => {
    const { observer, batches } = record()
    const engine = await runEngine(folder, { batchTokens: 50, observer })
    const bulk = engine.classify(makeTexts(400), { priority: 'bulk', whenFull: 'wait' })
    await until(() => batches.length > 2)
    await engine.classify(['quick'])
    expect(engine.stats().calls).toBe(1)
    expect(engine.stats().queuedTexts).toBeGreaterThan(0)
    expect((await bulk).length).toBe(400)
  })

  it('let bulk work go on while interactive texts keep coming', async () => {
    const engine = await runEngine(folder, { batchTokens: 50 })
    let bulkIsDone = false
    const bulk = engine.classify(makeTexts(30, 'bulk'), { priority: 'bulk', whenFull: 'wait' }).then(() => {
      bulkIsDone = true
    })
    let sent = 0
    const client = async (name: string) => {
      while (!bulkIsDone) await engine.classify(makeTexts(1, `${name} ${sent++}`))
    }
    await Promise.all([bulk, ...Array.from({ length: 30 }, (_, index) => client(`client ${index}`))])
    expect(bulkIsDone).toBe(true)
  })

  it('take over a bulk text that somebody wants at once', async () => {
    const engine = await runEngine(folder, { batchTokens: 50 })
    const texts = makeTexts(300)
    const bulk = engine.classify(texts, { priority: 'bulk' })
    await until(() => engine.stats().queuedTexts > 100)
    await engine.classify([texts[299]!])
    expect(engine.stats().calls).toBe(1)
    await bulk
  })

  it('let short texts pass one that takes many batches', async () => {
    const engine = await runEngine(folder, { batchTokens: 48 })
    const long = engine.classify(['love the phone '.repeat(2000)])
    await until(() => engine.stats().runningTokens > 0)
    await engine.classify(['short'])
    expect(engine.stats().calls).toBe(1)
    expect(expectAnswer((await long)[0]).windows).toBeGreaterThan(50)
  })
})

describe('a caller who goes away', () => {
  it('is told so, and what only they waited for is not computed', async () => {
    const { observer, sequences, rejections } = record()
    const engine = await runEngine(folder, { batchTokens: 50, observer })
    const controller = new AbortController()
    const stays = engine.classify(makeTexts(50, 'stays'))
    const leaves = engine.classify(makeTexts(200, 'leaves'), { signal: controller.signal })
    const shared = engine.classify(makeTexts(200, 'leaves').slice(190))
    await until(() => sequences() > 0)
    controller.abort()
    await expect(leaves).rejects.toMatchObject({ code: 'ABORTED' })
    expect((await stays).length).toBe(50)
    expect((await shared).length).toBe(10)
    expect(sequences()).toBeLessThan(150)
    expect(rejections).toEqual(['aborted'])
    expect(engine.stats()).toMatchObject({ calls: 0, queuedTexts: 0, queuedTokens: 0 })
  })

  it('before the call gets ABORTED at once', async () => {
    const engine = await runEngine(folder)
    const call = engine.classify(['text'], { signal: AbortSignal.abort() })
    await expect(call).rejects.toMatchObject({ code: 'ABORTED' })
    expect(engine.stats().calls).toBe(0)
  })

  it('while waiting for room makes room for the next', async () => {
    const engine = await runEngine(folder, { maxQueueTokens: 100, batchTokens: 50 })
    const controller = new AbortController()
    const wait = { priority: 'bulk', whenFull: 'wait' } as const
    const leaves = engine.classify(makeTexts(500, 'leaves'), { ...wait, signal: controller.signal })
    const stays = engine.classify(makeTexts(20, 'stays'), wait)
    controller.abort()
    await expect(leaves).rejects.toMatchObject({ code: 'ABORTED' })
    expect((await stays).length).toBe(20)
  })
})

describe('a deadline', () => {
  it('fails what is not answered in time, and the rest of it is not computed', async () => {
    const { observer, sequences, rejections } = record()
    const engine = await runEngine(folder, {
      batchTokens: 50,
      maxQueueTokens: 1_000_000,
      maxQueueMs: 1_000_000,
      observer,
    })
    const late = engine.classify(makeTexts(3000), { deadlineMs: 20 })
    await expect(late).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' })
    await engine.classify(['after'])
    expect(sequences()).toBeLessThan(3000)
    expect(rejections).toEqual(['deadline'])
  })

  it('of nothing fails at once', async () => {
    const engine = await runEngine(folder)
    await expect(engine.classify(['text'], { deadlineMs: 0 })).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' })
  })

  it('that is met changes nothing', async () => {
    const engine = await runEngine(folder)
    expectAnswer((await engine.classify(['text'], { deadlineMs: 60_000 }))[0])
  })
})

describe('closing', () => {
  it('answers what was accepted, waiting callers included, then refuses', async () => {
    const engine = await runEngine(folder, { batchTokens: 50, maxQueueTokens: 500 })
    const accepted = [
      engine.classify(makeTexts(20, 'quick')),
      engine.classify(makeTexts(300, 'bulk'), { priority: 'bulk', whenFull: 'wait' }),
    ]
    const closed = engine.close()
    await expect(engine.classify(['late'])).rejects.toMatchObject({ code: 'CLOSED' })
    expect((await Promise.all(accepted)).map(({ length }) => length)).toEqual([20, 300])
    await closed
    expect(engine.health()).toEqual({ ready: false, reason: 'the engine is closed' })
    await expect(engine.swap(folder)).rejects.toMatchObject({ code: 'CLOSED' })
  })

  it('fails with CLOSED what is left at the deadline', async () => {
    const engine = await runEngine(folder, { batchTokens: 50, maxQueueTokens: 500 })
    const call = engine.classify(makeTexts(5000), { priority: 'bulk', whenFull: 'wait' })
    const closed = engine.close({ deadlineMs: 1 })
    await expect(call).rejects.toMatchObject({ code: 'CLOSED' })
    await closed
    expect(engine.stats()).toMatchObject({ calls: 0, queuedTexts: 0 })
  })

  it('twice is closing once', async () => {
    const engine = await runEngine(folder)
    expect(engine.close()).toBe(engine.close())
  })
})
