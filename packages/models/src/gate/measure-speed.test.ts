// Timing in turns, with a clock that stands still but for the work.
import { expect, test } from 'vitest'
import { timeInTurns } from './measure-speed.ts'

/** Takes this long for a post, and ten times as long in every third call. */
function makeScorer(time: { now: number }, milliseconds: number, calls: string[], name: string) {
  let call = 0
  return {
    score: async () => {
      calls.push(name)
      time.now += call++ % 3 === 0 ? 10 * milliseconds : milliseconds
      return []
    },
  }
}

test('a machine that is busy now and then does not change the times', async () => {
  const time = { now: 0 }
  const calls: string[] = []
  const posts = ['a', 'b', 'c', 'd']
  const [own, other] = [makeScorer(time, 6, calls, 'own'), makeScorer(time, 4, calls, 'other')]
  const report = await timeInTurns(own, other, posts, { clock: () => time.now })
  expect(report).toEqual({ candidate: 6, reference: 4, ratio: 1.5, rounds: 25 })
  expect(calls.filter((name) => name === 'own')).toHaveLength(26 * posts.length)
  const firsts = calls.filter((_, index) => index % (2 * posts.length) === 0)
  expect(firsts.slice(0, 4)).toEqual(['own', 'other', 'own', 'other'])
})

test('it stops where it is told to', async () => {
  const scorer = { score: async () => [] }
  const options = { clock: () => 0, signal: AbortSignal.abort(new Error('enough')) }
  await expect(timeInTurns(scorer, scorer, ['a'], options)).rejects.toThrow('enough')
})
