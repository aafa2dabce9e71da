// Swapping models while they serve, with the two real tiny models.
import { readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ModelFolder } from '@renown/models'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { FaultKit } from './testing/faults.ts'
import { closeEngines, expectAnswer, makeTexts, record, runEngine, until } from './testing/running-engine.ts'
import { idOf, openTiny, readGolden, toScores } from './testing/tiny-models.ts'

const kit = new FaultKit()

afterEach(closeEngines)
afterAll(() => kit.clean())

const bert = await openTiny('tiny-bert')
const roberta = await openTiny('tiny-roberta')

/** What a model answers when it serves alone. */
async function answersOf(folder: ModelFolder, texts: readonly string[]): Promise<Map<string, number>> {
  const engine = await runEngine(folder)
  const outcomes = await engine.classify(texts, { priority: 'bulk', whenFull: 'wait' })
  return new Map(texts.map((text, index) => [text, expectAnswer(outcomes[index]).scores.positive]))
}

describe('a hot swap', () => {
  it('under load fails no request, and each answer is that of the model it names', async () => {
    const texts = makeTexts(600)
    const expected = {
      [bert.manifest.version]: await answersOf(bert, texts),
      [roberta.manifest.version]: await answersOf(roberta, texts),
    }
    // However slow the machine is: nothing may be refused.
    const engine = await runEngine(bert, { batchTokens: 64, cacheEntries: 0, maxQueueMs: 600_000 })
    let isOver = false
    const seen: string[] = []
    const check = async (text: string) => {
      const { model, scores } = expectAnswer((await engine.classify([text]))[0])
      expect(scores.positive).toBeCloseTo(expected[model]!.get(text)!, 5)
      seen.push(model)
    }
    const client = async (first: number) => {
      for (let index = first; !isOver; index = (index + 7) % texts.length) await check(texts[index]!)
    }
    const clients = Array.from({ length: 16 }, (_, index) => client(index * 31))
    const bulk = engine.classify(texts, { priority: 'bulk', whenFull: 'wait' })
    await until(() => seen.length > 50)
    await engine.swap(roberta)
    const swappedAt = seen.length
    await until(() => seen.length > swappedAt + 200)
    isOver = true
    await Promise.all(clients)
    expect(seen[0]).toBe(bert.manifest.version)
    expect(seen.at(-1)).toBe(roberta.manifest.version)
    for (const [index, outcome] of (await bulk).entries()) {
      const { model, scores } = expectAnswer(outcome)
      expect(scores.positive).toBeCloseTo(expected[model]!.get(texts[index]!)!, 5)
    }
    await until(() => engine.stats().retiringModels === 0)
  })

  it('answers what was queued before with the old model and sends callers who wait to the new one', async () => {
    const release = kit.path()
    const entry = kit.entry({ hang: await idOf('hate'), release })
    const engine = await runEngine(bert, { batchTokens: 50, maxQueueTokens: 300, workerEntry: entry })
    const bulk = engine.classify(['hate', ...makeTexts(300)], { priority: 'bulk', whenFull: 'wait' })
    await until(() => engine.stats().runningTokens > 0)
    await engine.swap(roberta)
    await writeFile(release, '')
    const models = (await bulk).map((outcome) => expectAnswer(outcome).model)
    const firstNew = models.indexOf(roberta.manifest.version)
    expect(models.length).toBe(301)
    expect(firstNew).toBeGreaterThan(1)
    expect(new Set(models.slice(0, firstNew))).toEqual(new Set([bert.manifest.version]))
    expect(new Set(models.slice(firstNew))).toEqual(new Set([roberta.manifest.version]))
  })

  it('ends the worker of the old model, closing ends the other one', async () => {
    const log = kit.path()
    const engine = await runEngine(bert, { workerEntry: kit.entry({ log }) })
    await engine.swap(roberta)
    await until(() => engine.stats().retiringModels === 0)
    expect(readFileSync(log, 'utf8')).toBe('start\nstart\nend\n')
    await engine.close()
    expect(readFileSync(log, 'utf8')).toBe('start\nstart\nend\nend\n')
  })

  it('leaves no answer of the old model in the cache', async () => {
    const engine = await runEngine(bert)
    const [{ text, logits }] = readGolden('tiny-roberta') as [{ text: string; logits: number[] }]
    await engine.classify([text])
    await engine.swap(roberta)
    const answer = expectAnswer((await engine.classify([text]))[0])
    expect(answer).toMatchObject({ cached: false, model: roberta.manifest.version })
    expect(answer.scores.neutral).toBeCloseTo(toScores(logits).neutral, 5)
  })

  it('to another temperature doesn’t use the cache, to the same model does', async () => {
    const engine = await runEngine(bert)
    await engine.classify(['great'])
    await engine.swap(bert)
    expect(expectAnswer((await engine.classify(['great']))[0]).cached).toBe(true)
    await engine.swap({ ...bert, manifest: { ...bert.manifest, temperature: 3 } })
    expect(expectAnswer((await engine.classify(['great']))[0]).cached).toBe(false)
  })

  it('happens one after the other when two are asked for at once', async () => {
    const loaded: string[] = []
    const engine = await runEngine(bert, { observer: { loaded: (model) => loaded.push(model.name) } })
    const first = engine.swap(roberta)
    const second = engine.swap(bert)
    expect((await first).name).toBe('tiny-roberta')
    expect((await second).name).toBe('tiny-bert')
    expect(loaded).toEqual(['tiny-bert', 'tiny-roberta', 'tiny-bert'])
    expect(engine.model().name).toBe('tiny-bert')
  })

  it('to a model that cannot be loaded leaves the old one serving', async () => {
    const path = kit.path()
    await mkdir(path)
    await writeFile(join(path, 'config.json'), '{"model_type": "bert"}')
    const { observer, restarts } = record()
    const engine = await runEngine(bert, { observer })
    await expect(engine.swap({ ...bert, path })).rejects.toMatchObject({ code: 'MODEL_LOAD_FAILED' })
    await expect(engine.swap({ ...bert, manifest: { ...bert.manifest, files: {} } })).rejects.toMatchObject({
      code: 'MODEL_LOAD_FAILED',
    })
    expect(expectAnswer((await engine.classify(['still here']))[0]).model).toBe(bert.manifest.version)
    expect(engine.health().ready).toBe(true)
    expect(restarts).toEqual([])
    expect((await engine.swap(roberta)).name).toBe('tiny-roberta')
  })

  it('that is under way when the engine closes is called off', async () => {
    const engine = await runEngine(bert)
    const swapped = engine.swap(roberta)
    const closed = engine.close()
    await expect(swapped).rejects.toMatchObject({ code: 'CLOSED' })
    await closed
  })
})

describe('a swap that keeps the old model', () => {
  it('goes back to it at once and without a run, keeps what it knew, and keeps one model at most', async () => {
    const loaded: string[] = []
    const engine = await runEngine(bert, { observer: { loaded: (model) => loaded.push(model.name) } })
    expect(engine.previous()).toBeNull()
    expect(engine.rollback()).toBeNull()
    await engine.classify(['great'])
    await engine.swap(roberta, { keep: true })
    expect(engine.previous()?.name).toBe('tiny-bert')
    expect(engine.rollback()?.name).toBe('tiny-bert')
    expect(expectAnswer((await engine.classify(['great']))[0])).toMatchObject({ cached: true })
    expect(engine.previous()).toBeNull()
    expect(loaded).toEqual(['tiny-bert', 'tiny-roberta'])
    await engine.swap(roberta, { keep: true })
    await engine.swap({ ...bert, manifest: { ...bert.manifest, version: 'third' } }, { keep: true })
    expect(engine.previous()?.name).toBe('tiny-roberta')
    await until(() => engine.stats().retiringModels === 0)
  })

  it('answers with the old one what came before, also where callers waited for room', async () => {
    const engine = await runEngine(bert, { batchTokens: 50, maxQueueTokens: 300 })
    const bulk = engine.classify(makeTexts(200), { priority: 'bulk', whenFull: 'wait' })
    await until(() => engine.stats().runningTokens > 0)
    await engine.swap(roberta, { keep: true })
    engine.rollback()
    expect((await bulk).map(expectAnswer)).toHaveLength(200)
  })
})

describe('answers that were recorded', () => {
  const texts = ['great phone', 'bad camera', 'the airline']

  async function recorded(folder: ModelFolder, change: number): Promise<ModelFolder> {
    const engine = await runEngine(folder)
    const scores = (await engine.classify(texts)).map((outcome) => expectAnswer(outcome).scores)
    const probabilities = scores.map(({ negative, neutral, positive }, index) =>
      (index === 1 ? [negative + change, neutral - change, positive] : [negative, neutral, positive])
        .map((value) => value.toFixed(5))
        .join(' '),
    )
    const { file, encoding } = engine.model()
    return {
      ...folder,
      manifest: { ...folder.manifest, answers: { texts, files: [{ file, encoding, probabilities }] } },
    }
  }

  it('let a model serve that gives them, and no other, at the start and in a swap', async () => {
    const sound = await recorded(bert, 0)
    const altered = await recorded(bert, 0.05)
    await expect(runEngine(altered, { checkAnswers: true })).rejects.toMatchObject({ code: 'ANSWERS_DIFFER' })
    const steps: string[] = []
    const engine = await runEngine(sound, { checkAnswers: true })
    const swapped = engine.swap(altered, { keep: true, onCheck: () => steps.push('check') })
    await expect(swapped).rejects.toMatchObject({ code: 'ANSWERS_DIFFER', message: expect.stringContaining('text 2') })
    expect(steps).toEqual(['check'])
    expect(engine.previous()).toBeNull()
    expect(expectAnswer((await engine.classify(['still here']))[0]).model).toBe(bert.manifest.version)
    expect((await engine.swap(sound)).name).toBe('tiny-bert')
  })
})
