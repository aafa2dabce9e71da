// Tests of when a training is suggested.
import { expect, test } from 'vitest'
import { type Evidence, suggestRetraining } from './suggestion.ts'

const CALM: Evidence = {
  verdict: { severity: 'none' },
  referenceAccuracy: 0.7,
  estimated: { value: 0.69, low: 0.66, high: 0.72 },
  sampled: { low: 0.6, high: 0.78 },
}

test('not while all is as it was, nor for a drift that is not strong', () => {
  expect(suggestRetraining(CALM)).toEqual([])
  expect(suggestRetraining({ ...CALM, verdict: { severity: 'moderate' } })).toEqual([])
})

test('for a strong drift, and for accuracy that fell by more than its error', () => {
  expect(suggestRetraining({ ...CALM, verdict: { severity: 'strong' } })).toEqual(['world_changed'])
  const fallen = { ...CALM, estimated: { value: 0.6, low: 0.55, high: 0.65 }, sampled: { low: 0.5, high: 0.69 } }
  expect(suggestRetraining(fallen)).toEqual(['estimated_accuracy_fell', 'sampled_accuracy_fell'])
  expect(suggestRetraining({ ...fallen, estimated: { value: 0.64, low: 0.61, high: 0.67 } })).toEqual([
    'sampled_accuracy_fell',
  ])
})

test('not from nothing', () => {
  expect(suggestRetraining({ ...CALM, referenceAccuracy: null, estimated: null, sampled: null })).toEqual([])
})
