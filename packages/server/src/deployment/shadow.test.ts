// The shadow: which texts it reads, what it counts, and that it holds nobody up.
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Classification, Classifier, Sentiment } from '@renown/reputation'
import { describe, expect, test } from 'vitest'
import { type Comparison, createShadow, type Shadow } from './shadow.ts'

const VERSION = { reference: 'v2', name: 'two', version: '2', hash: 'b', since: '2026-01-01T00:00:00.000Z' }

function says(label: Sentiment): Classification {
  return { label, score: 0.9, scores: { negative: 0, neutral: 0, positive: 0 }, windows: 1, model: '1', cached: false }
}

function start(share: number, draws: readonly number[]): { shadow: Shadow; results: Comparison[] } {
  const results: Comparison[] = []
  let at = 0
  const random = (): number => draws[at++ % draws.length] as number
  return { shadow: createShadow({ share, random, now: () => 0, onCompared: (r) => results.push(r) }), results }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await nextTurn()
}

describe('the shadow', () => {
  test('compares its share, counts by labels and shows the newest disagreements, without texts', async () => {
    const { shadow, results } = start(0.5, [0.4, 0.6])
    const read: string[] = []
    const engine: Classifier = {
      async classify(texts) {
        read.push(...texts)
        return texts.map((text) => says(text.startsWith('bad') ? 'negative' : 'positive'))
      },
    }
    shadow.offer(['before there is one'], [says('positive')])
    shadow.set({ engine, version: VERSION })
    shadow.offer(
      ['good 1', 'not drawn', 'bad 1', 'not drawn'],
      [1, 2, 3, 4].map(() => says('positive')),
    )
    await settle()
    expect(read).toEqual(['good 1', 'bad 1'])
    expect(results).toEqual(['agreed', 'disagreed'])
    const status = shadow.status()
    expect(status).toMatchObject({
      share: 0.5,
      compared: 2,
      agreed: 1,
      labels: { positive: { positive: 1, negative: 1 } },
    })
    expect(status?.disagreements).toEqual([
      {
        at: '1970-01-01T00:00:00.000Z',
        served: 'positive',
        challenger: 'negative',
        servedScore: 0.9,
        challengerScore: 0.9,
      },
    ])
    expect(JSON.stringify(status)).not.toContain('bad 1')
    shadow.set(null)
    expect(shadow.status()).toBeNull()
  })

  test('leaves texts out where the challenger is busy, full or broken, and never throws', async () => {
    const { shadow, results } = start(1, [0])
    const hangs: Classifier = { classify: () => new Promise(() => undefined) }
    shadow.set({ engine: hangs, version: VERSION })
    shadow.offer(
      Array.from({ length: 40 }, (_, index) => `text ${index}`),
      Array.from({ length: 40 }, () => says('neutral')),
    )
    expect(results).toEqual(Array.from({ length: 8 }, () => 'dropped'))
    const other = start(1, [0])
    const throws: Classifier = { classify: () => Promise.reject(new Error('full')) }
    other.shadow.set({ engine: throws, version: VERSION })
    other.shadow.offer(['text'], [says('neutral')])
    await settle()
    expect(other.results).toEqual(['dropped'])
  })
})
