// Whatever happens in whatever order, every call gets its own answers once.
import { type ClassifyOptions, type ClassifyOutcome, isRefusal } from '@renown/reputation'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import type { Engine } from './engine.ts'
import { EngineError } from './errors.ts'
import { FaultKit } from './testing/faults.ts'
import { closeEngines, expectAnswer, makeTexts, runEngine, until } from './testing/running-engine.ts'
import { idOf, openTiny } from './testing/tiny-models.ts'

const bert = await openTiny('tiny-bert')
const roberta = await openTiny('tiny-roberta')
const kit = new FaultKit()
const poison = { reject: 'i hate it', exit: 'worst of all' }
const pool = [...makeTexts(60), 'love the phone '.repeat(60), poison.reject, poison.exit]
/** By model version, then by text. */
const expected = new Map<string, Map<string, number>>()
let entry: URL

beforeAll(async () => {
  for (const folder of [bert, roberta]) {
    const engine = await runEngine(folder)
    const outcomes = await engine.classify(pool, { priority: 'bulk', whenFull: 'wait' })
    expected.set(
      folder.manifest.version,
      new Map(pool.map((text, index) => [text, expectAnswer(outcomes[index]).scores.positive])),
    )
  }
  await closeEngines()
  entry = kit.entry({ reject: await idOf('hate'), exit: await idOf('worst') })
})
afterEach(closeEngines)
afterAll(() => kit.clean())

interface Step {
  readonly texts: readonly number[]
  readonly priority: 'interactive' | 'bulk'
  readonly whenFull: 'refuse' | 'wait'
  readonly abortAfter: number | null
  readonly deadlineMs: number | null
  readonly pause: number
  readonly swapsModel: boolean
}

const maybe = (least: number, most: number) => fc.option(fc.integer({ min: least, max: most }), { freq: 3 })

const steps = fc.array(
  fc.record<Step>({
    // The last two of the pool are poison.
    texts: fc.array(fc.integer({ min: 0, max: pool.length * 4 }), { minLength: 1, maxLength: 40 }),
    priority: fc.constantFrom('interactive', 'bulk'),
    whenFull: fc.constantFrom('refuse', 'wait'),
    abortAfter: maybe(0, 30),
    deadlineMs: maybe(0, 50),
    pause: fc.integer({ min: 0, max: 5 }),
    swapsModel: fc.integer({ min: 0, max: 9 }).map((dice) => dice === 0),
  }),
  { minLength: 5, maxLength: 60 },
)

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

function textOf(index: number): string {
  return pool[index] ?? pool[index % (pool.length - 2)]!
}

/** A lost answer never settles; one that is counted twice leaves a hole among the outcomes. */
async function runStep(engine: Engine, step: Step): Promise<void> {
  const { priority, whenFull, abortAfter, deadlineMs } = step
  const texts = step.texts.map(textOf)
  const controller = new AbortController()
  const options: ClassifyOptions = {
    priority,
    whenFull,
    signal: controller.signal,
    ...(deadlineMs === null ? {} : { deadlineMs }),
  }
  if (abortAfter !== null) setTimeout(() => controller.abort(), abortAfter)
  const result = await engine.classify(texts, options).then(
    (outcomes) => outcomes,
    (error: unknown) => error,
  )
  if (Array.isArray(result)) expectOutcomes(texts, result)
  else expectReason(result, step)
}

function expectOutcomes(texts: readonly string[], outcomes: readonly ClassifyOutcome[]): void {
  expect(outcomes.length).toBe(texts.length)
  texts.forEach((text, index) => {
    const outcome = outcomes[index]!
    if (isRefusal(outcome)) {
      expect(outcome.error.code).toBe('WORKER_FAILED')
      expect([poison.reject, poison.exit]).toContain(text)
    } else {
      expect(outcome.scores.positive).toBeCloseTo(expected.get(outcome.model)!.get(text)!, 5)
    }
  })
}

function expectReason(error: unknown, { whenFull, abortAfter, deadlineMs }: Step): void {
  expect(error).toBeInstanceOf(EngineError)
  const allowed = ['WORKER_FAILED']
  if (whenFull === 'refuse') allowed.push('OVERLOADED')
  if (abortAfter !== null) allowed.push('ABORTED')
  if (deadlineMs !== null) allowed.push('DEADLINE_EXCEEDED')
  expect(allowed).toContain((error as EngineError).code)
}

it('no answer is lost, doubled or swapped, whatever arrives, leaves, fails or is swapped', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (plan) => {
      const engine = await runEngine(bert, {
        batchTokens: 64,
        maxQueueTokens: 1500,
        workerEntry: entry,
        cacheEntries: 20,
      })
      const running: Promise<unknown>[] = []
      for (const [index, step] of plan.entries()) {
        running.push(runStep(engine, step))
        if (step.swapsModel) running.push(engine.swap(index % 2 === 0 ? roberta : bert))
        await sleep(step.pause)
      }
      await Promise.all(running)
      expectAnswer((await engine.classify(['afterwards'], { whenFull: 'wait' }))[0])
      // What runs for callers who left ends by itself; then nothing may still be counted.
      await until(() => engine.stats().runningTokens === 0 && engine.stats().retiringModels === 0)
      expect(engine.stats()).toMatchObject({ calls: 0, queuedTexts: 0, queuedTokens: 0, peakTexts: 0, peakTokens: 0 })
      await engine.close()
    }),
    { numRuns: 8, endOnFailure: true },
  )
}, 240_000)
