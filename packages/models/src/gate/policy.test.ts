// Policies: defaults, what follows from what, and what is refused.
import { expect, test } from 'vitest'
import { GATE_POLICY, readGatePolicy } from './policy.ts'

test('without a file the defaults hold', () => {
  expect(GATE_POLICY).toMatchObject({
    split: 'gate',
    margin: 1,
    best_margin: 2,
    base_margin: 1,
    class_margin: 3,
    confidence: 0.95,
    power: 0.8,
  })
  expect(readGatePolicy('', 'x')).toEqual(GATE_POLICY)
  expect(readGatePolicy('# nothing but a comment\n', 'x')).toEqual(GATE_POLICY)
})

test('the best version may be missed by twice the margin, the base by the margin, unless a policy says otherwise', () => {
  expect(readGatePolicy('margin: 0.5', 'x')).toMatchObject({ margin: 0.5, best_margin: 1, base_margin: 0.5 })
  expect(readGatePolicy('margin: 0.5\nbest_margin: 3\nbase-margin: 2', 'x')).toMatchObject({
    best_margin: 3,
    base_margin: 2,
  })
})

test('JSON is read as well, and an empty value is the default', () => {
  expect(readGatePolicy('{"split": "test", "seed": 1}', 'x')).toMatchObject({ split: 'test', seed: 1 })
  expect(readGatePolicy('margin:\nsplit:', 'x')).toEqual(GATE_POLICY)
})

test.each([
  ['margn: 1', 'there is no key "margn": did you mean "margin"?'],
  ['latency-ration: 2', 'there is no key "latency-ration": did you mean "latency_ratio"?'],
  ['zzz: 1', 'there is no key "zzz": expected some of split, '],
  ['margin: 0', 'margin: expected a number between 0 and 100, got 0'],
  ['margin: -1', 'margin: expected a number between 0 and 100, got -1'],
  ['margin: "1"', 'margin: expected a number between 0 and 100, got "1"'],
  ['margin: .nan', 'margin: expected a number'],
  ['confidence: 1', 'confidence: expected a number between 0.5 and 1, got 1'],
  ['power: 80', 'power: expected a number between 0.05 and 1, got 80'],
  ['seed: 1.5', 'seed: expected a whole number from 0 to 4294967296, got 1.5'],
  ['split: train', 'split: expected one of gate, validation, test, all, got "train"'],
  ['class_margin: 2\nclass-margin: 3', '"class_margin" is there twice'],
  ['- margin', 'expected keys and values'],
  ['margin', 'expected keys and values'],
  ['margin: [', 'expected YAML or JSON'],
])('refuses %j', (text, message) => {
  expect(() => readGatePolicy(text, 'gate.yaml')).toThrow(
    expect.objectContaining({
      code: 'GATE_POLICY_INVALID',
      message: expect.stringContaining(`gate.yaml: ${message}`) as string,
    }) as Error,
  )
})
