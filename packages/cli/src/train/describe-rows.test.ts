// Tests of what stands beside the bar of a training.
import { expect, test } from 'vitest'
import { describeRunning } from './describe-rows.ts'

test('the time left is about so much, under a second, or not there at the end', () => {
  const state = { step: 9, total: 10, loss: 0.5, learningRate: 1e-5, tokensPerSecond: 1000 }
  const ends = [90, 0.2, null].map((secondsLeft) =>
    describeRunning({ ...state, secondsLeft })
      .split(', ')
      .at(-1),
  )
  expect(ends).toEqual(['about 90 s left', 'under 1 s left', '1,000 tokens/s'])
  expect(describeRunning({ ...state, step: 10, secondsLeft: 0 })).toMatch(/tokens\/s$/)
})
