// The estimate of a text's tokens.
import { expect, it } from 'vitest'
import { TokenEstimate } from './token-estimate.ts'

it('the estimate of tokens learns from the texts that went before', () => {
  const estimate = new TokenEstimate()
  expect(estimate.of(0)).toBe(2)
  expect(estimate.of(100)).toBe(32)
  for (let text = 0; text < 1000; text++) estimate.learn(100, 90)
  expect(estimate.of(100)).toBeGreaterThan(88)
  expect(estimate.of(100)).toBeLessThanOrEqual(92)
})
