// Tests of feeding the classifier: order, refusals, silence, stopping.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Classification, Classifier } from '@renown/reputation'
import { describe, expect, test } from 'vitest'
import { type InputItem, isReject } from './input-row.ts'
import { scoreChunks } from './score-chunks.ts'

const ANSWER: Classification = {
  label: 'positive',
  score: 0.9,
  scores: { negative: 0.05, neutral: 0.05, positive: 0.9 },
  windows: 1,
  model: 'test',
  cached: false,
}

const post = (line: number): InputItem => ({ file: null, line, text: `post ${line}`, date: null, values: {} })
const reject = (line: number): InputItem => ({ file: null, line, code: 'TEXT_EMPTY', reason: 'empty' })

async function* chunksOf(...chunks: InputItem[][]): AsyncGenerator<readonly InputItem[]> {
  yield* chunks
}

/** Answers after a while that differs from call to call. */
function createClassifier(delay: (call: number) => number = () => 0): Classifier & { calls: number; most: number } {
  let running = 0
  const classifier = {
    calls: 0,
    most: 0,
    async classify(texts: readonly string[]) {
      const call = classifier.calls++
      running++
      classifier.most = Math.max(classifier.most, running)
      await new Promise((resolve) => setTimeout(resolve, delay(call)))
      running--
      return texts.map((text) => (text === 'post 13' ? { error: { code: 'TEXT_TOO_LONG', message: 'long' } } : ANSWER))
    },
  }
  return classifier
}

async function collectLines(items: AsyncIterable<readonly (object & { line?: number; row?: { line: number } })[]>) {
  const lines: string[] = []
  for await (const chunk of items) {
    for (const item of chunk) lines.push(isReject(item) ? `-${item.line}` : `${item.row?.line}`)
  }
  return lines
}

describe('scoreChunks', () => {
  test('gives rows back in order although later chunks are done first', async () => {
    const classifier = createClassifier((call) => 20 - 4 * call)
    const chunks = chunksOf([post(1), post(2)], [post(3)], [post(4)], [post(5)])
    expect(await collectLines(scoreChunks(chunks, classifier))).toEqual(['1', '2', '3', '4', '5'])
    expect(classifier.most).toBeGreaterThan(1)
  })

  test('keeps rejected rows in their places, and makes refused texts such rows', async () => {
    const chunks = chunksOf([reject(1), post(2), post(13), reject(14)], [reject(15)])
    expect(await collectLines(scoreChunks(chunks, createClassifier()))).toEqual(['-1', '2', '-13', '-14', '-15'])
  })

  test('holds a few chunks at a time, however many there are', async () => {
    const classifier = createClassifier(() => 1)
    const many = chunksOf(...Array.from({ length: 40 }, (_, index) => [post(index + 100)]))
    expect(await collectLines(scoreChunks(many, classifier))).toHaveLength(40)
    expect(classifier.most).toBeLessThanOrEqual(6)
  })

  test('gives out what is scored while the input is silent', async () => {
    const silent = (async function* () {
      yield [post(1)]
      await new Promise(() => {})
    })()
    const first = await scoreChunks(silent, createClassifier()).next()
    expect(first.value).toHaveLength(1)
  })

  test('ends when it is aborted, even if the input is silent, and gives out what was under way', async () => {
    const controller = new AbortController()
    const silent = (async function* () {
      yield [post(1)]
      controller.abort()
      await new Promise(() => {})
    })()
    expect(
      await collectLines(
        scoreChunks(
          silent,
          createClassifier(() => 10),
          controller.signal,
        ),
      ),
    ).toEqual(['1'])
  })

  test('ends when it is aborted while nothing is under way', async () => {
    const controller = new AbortController()
    const silent = (async function* (): AsyncGenerator<readonly InputItem[]> {
      yield [post(1)]
      await new Promise(() => {})
    })()
    const lines = collectLines(scoreChunks(silent, createClassifier(), controller.signal))
    await new Promise((resolve) => setTimeout(resolve, 30))
    controller.abort()
    expect(await lines).toEqual(['1'])
  })

  test('lets go of what it has given out, however long it goes on', async () => {
    setFlagsFromString('--expose-gc')
    const collectGarbage = runInNewContext('gc') as () => void
    const given: WeakRef<InputItem[]>[] = []
    const many = (async function* () {
      for (let line = 100; ; line++) {
        const chunk = [post(line)]
        given.push(new WeakRef(chunk))
        yield chunk
      }
    })()
    const scored = scoreChunks(many, createClassifier(), new AbortController().signal)
    for (let turn = 0; turn < 100; turn++) await scored.next()
    await new Promise((resolve) => setTimeout(resolve, 50))
    collectGarbage()
    expect(given.filter((ref) => ref.deref() !== undefined).length).toBeLessThan(20)
    await scored.return(undefined)
  })

  test('passes on what the input or the classifier throws, after what was read before', async () => {
    const broken = (async function* (): AsyncGenerator<readonly InputItem[]> {
      yield [post(1)]
      throw new Error('the file is cut off')
    })()
    const lines: unknown[] = []
    const scoring = (async () => {
      for await (const chunk of scoreChunks(
        broken,
        createClassifier(() => 10),
      ))
        lines.push(...chunk)
    })()
    await expect(scoring).rejects.toThrow('cut off')
    expect(lines).toHaveLength(1)
    const failing: Classifier = { classify: () => Promise.reject(new Error('no worker')) }
    await expect(collectLines(scoreChunks(chunksOf([post(1)]), failing))).rejects.toThrow('no worker')
  })
})
