// Texts in, sentiments out: the engine over real workers against PyTorch's answers.
import { isRefusal } from '@renown/reputation'
import { afterEach, describe, expect, it } from 'vitest'
import { closeEngines, expectAnswer, makeTexts, record, runEngine } from './testing/running-engine.ts'
import { openTiny, readGolden, toScores } from './testing/tiny-models.ts'

afterEach(closeEngines)

describe.each(['tiny-bert', 'tiny-roberta'] as const)('the engine with %s', (name) => {
  it('answers as PyTorch does, one text at a time and all at once', async () => {
    const engine = await runEngine(await openTiny(name), { cacheEntries: 0 })
    const golden = readGolden(name)
    const together = await engine.classify(
      golden.map(({ text }) => text),
      { priority: 'bulk', whenFull: 'wait' },
    )
    for (const [index, { text, logits }] of golden.entries()) {
      const [alone] = await engine.classify([text])
      for (const outcome of [together[index], alone]) {
        const { scores, score, label, windows, model } = expectAnswer(outcome)
        const expected = toScores(logits)
        expect(scores.negative).toBeCloseTo(expected.negative, 5)
        expect(scores.neutral).toBeCloseTo(expected.neutral, 5)
        expect(scores.positive).toBeCloseTo(expected.positive, 5)
        expect(score).toBe(Math.max(...Object.values(scores)))
        expect(scores[label]).toBe(score)
        expect({ windows, model }).toEqual({ windows: 1, model: engine.model().version })
      }
    }
  })

  it('divides the logits by the temperature of the manifest', async () => {
    const folder = await openTiny(name)
    const engine = await runEngine({ ...folder, manifest: { ...folder.manifest, temperature: 2.5 } })
    const [{ text, logits }] = readGolden(name) as [{ text: string; logits: number[] }]
    const { scores } = expectAnswer((await engine.classify([text]))[0])
    expect(scores.positive).toBeCloseTo(toScores(logits, 2.5).positive, 5)
    expect(engine.model().temperature).toBe(2.5)
  })
})

describe('the engine', () => {
  it('says what it serves', async () => {
    const folder = await openTiny('tiny-bert')
    const engine = await runEngine(folder)
    expect(engine.model()).toMatchObject({
      name: 'tiny-bert',
      version: folder.manifest.version,
      hash: folder.hash,
      labels: ['negative', 'neutral', 'positive'],
      encoding: 'float32',
      window: 48,
      temperature: 1,
      file: 'model.safetensors',
    })
    expect(engine.health()).toEqual({ ready: true, reason: null })
  })

  it('prepares texts as the manifest says', async () => {
    const folder = await openTiny('tiny-bert')
    const preparation = { mentions: '@user', urls: 'http', entities: 'decode', escapes: 'decode' } as const
    const plain = await runEngine(folder)
    const engine = await runEngine({ ...folder, manifest: { ...folder.manifest, preparation } })
    const [raw] = await engine.classify(['@somebody it&#39;s bad https://example.org/x'])
    const [prepared] = await plain.classify(["@user it's bad http"])
    expect(expectAnswer(raw).scores).toEqual(expectAnswer(prepared).scores)
  })

  it('scores a text that is longer than the window in several, and says so', async () => {
    const engine = await runEngine(await openTiny('tiny-bert'))
    const { windows, scores } = expectAnswer((await engine.classify(['bad '.repeat(400)]))[0])
    expect(windows).toBeGreaterThan(8)
    expect(scores.negative + scores.neutral + scores.positive).toBeCloseTo(1, 9)
    const [same] = await engine.classify(['bad '.repeat(46).trim()])
    expect(scores.negative).toBeCloseTo(expectAnswer(same).scores.negative, 5)
  })

  it('answers a repeated text from the cache without running it', async () => {
    const { observer, sequences } = record()
    const engine = await runEngine(await openTiny('tiny-bert'), { observer })
    const [first] = await engine.classify(['great phone'])
    const [second] = await engine.classify(['great phone'])
    expect(second).toEqual({ ...expectAnswer(first), cached: true })
    expect(expectAnswer(first).cached).toBe(false)
    expect(sequences()).toBe(1)
    expect(engine.stats().cache).toMatchObject({ entries: 1, hits: 1, misses: 1 })
  })

  it('computes a remembered text anew for who wants it fresh', async () => {
    const { observer, sequences } = record()
    const engine = await runEngine(await openTiny('tiny-bert'), { observer })
    const [first] = await engine.classify(['great phone'])
    const [fresh] = await engine.classify(['great phone'], { fresh: true })
    expect(fresh).toEqual(first)
    expect(sequences()).toBe(2)
    expect(engine.stats().cache).toMatchObject({ entries: 1, hits: 0, misses: 1 })
  })

  it('computes a text once for all who ask for it at the same time', async () => {
    const { observer, sequences } = record()
    const engine = await runEngine(await openTiny('tiny-bert'), { observer })
    const calls = Array.from({ length: 50 }, (_, index) =>
      engine.classify(index % 2 === 0 ? ['same'] : ['same', 'same'], {
        priority: index % 3 === 0 ? 'bulk' : 'interactive',
      }),
    )
    const answers = (await Promise.all(calls)).flat()
    expect(new Set(answers.map((answer) => expectAnswer(answer).score)).size).toBe(1)
    expect(answers.length).toBe(75)
    expect(sequences()).toBe(1)
  })

  it('refuses a text that is too long alone, and answers its neighbours', async () => {
    const { observer, rejections } = record()
    const engine = await runEngine(await openTiny('tiny-bert'), { maxTextChars: 1000, observer })
    const outcomes = await engine.classify(['good', 'x'.repeat(1001), 'bad'])
    expect(outcomes.map(isRefusal)).toEqual([false, true, false])
    expect(outcomes[1]).toEqual({
      error: { code: 'TEXT_TOO_LONG', message: 'expected at most 1000 characters, got 1001' },
    })
    expect(rejections).toEqual(['text'])
  })

  it.each([
    ['nothing', ''],
    ['spaces', '   \t\n'],
    ['NUL', 'a\u0000b'],
    ['a lone surrogate', 'a\ud83d b'],
    ['right-to-left overrides', '\u202egood\u202c'],
    ['emoji', '👩‍👩‍👧‍👦😡❤️'],
    ['a word of 20,000 letters', 'x'.repeat(20_000)],
  ])('answers %s', async (_, text) => {
    const engine = await runEngine(await openTiny('tiny-bert'))
    const { scores } = expectAnswer((await engine.classify([text]))[0])
    expect(scores.negative + scores.neutral + scores.positive).toBeCloseTo(1, 9)
  })

  it('answers no texts with no outcomes', async () => {
    const engine = await runEngine(await openTiny('tiny-bert'))
    expect(await engine.classify([])).toEqual([])
  })

  it('cuts batches by tokens and reports each of them', async () => {
    const { observer, batches } = record()
    const engine = await runEngine(await openTiny('tiny-bert'), { observer, batchTokens: 64 })
    await engine.classify(makeTexts(60), { whenFull: 'wait', priority: 'bulk' })
    expect(batches.length).toBeGreaterThan(5)
    for (const { tokens, rowTokens, sequences, texts, queueMs, runMs, model } of batches) {
      expect(tokens).toBeLessThanOrEqual(64)
      expect(rowTokens).toBeGreaterThanOrEqual(tokens)
      expect(texts).toBe(sequences)
      expect(queueMs).toBeGreaterThanOrEqual(0)
      expect(runMs).toBeGreaterThan(0)
      expect(model).toBe(engine.model().version)
    }
  })

  it('lets no observer break an answer', async () => {
    const trouble = () => {
      throw new Error('a broken metric')
    }
    const observer = { batch: trouble, cache: trouble, tokenized: trouble, loaded: trouble, rejected: trouble }
    const engine = await runEngine(await openTiny('tiny-bert'), { observer, maxTextChars: 10 })
    const outcomes = await engine.classify(['good', 'much too long'])
    expect(outcomes.map(isRefusal)).toEqual([false, true])
  })

  it('works with several workers', async () => {
    const engine = await runEngine(await openTiny('tiny-bert'), { workers: 2, batchTokens: 64 })
    const outcomes = await engine.classify(makeTexts(80), { whenFull: 'wait', priority: 'bulk' })
    expect(outcomes.map((outcome) => expectAnswer(outcome).windows)).toEqual(new Array(80).fill(1))
  })
})
