// Verdicts: what is shown, what isn't, and what rows can't tell.
import { describe, expect, test } from 'vitest'
import type { Answers, Evidence } from './evidence.ts'
import type { RuleName } from './gate-types.ts'
import { judgeAnswers, judgeDifference, verdictOf } from './judge.ts'
import { judgeLatency, judgeSize } from './judge-files.ts'
import { GATE_POLICY, readGatePolicy } from './policy.ts'

const LABELS = ['negative', 'neutral', 'positive']
const WRONG = 3

/** Of 100 rows of each class: right in these places, wrong elsewhere. */
type IsRight = (place: number) => boolean

function makeAnswers(rows: number, isRight: IsRight, extra: Partial<Answers> = {}): Answers {
  const predictions = Array.from({ length: rows }, (_, row) => (isRight(Math.floor(row / 3) % 100) ? row % 3 : WRONG))
  const recall = Array.from({ length: 100 }, (_, place) => place).filter(isRight).length / 100
  return {
    file: 'onnx/model_quantized.onnx',
    encoding: 'int8',
    predictions,
    confidences: predictions.map(() => recall + 0.02),
    ece: 0.02,
    recalls: LABELS.map(() => recall),
    macroRecallLow: recall - 0.01,
    ...extra,
  }
}

/** The champion is right in the first 70 places; so is the candidate but for `lost` of them, and in `won` others. */
function makeEvidence(rows: number, lost: number, won: number, extra: Partial<Evidence> = {}): Evidence {
  return {
    labels: LABELS,
    classes: Array.from({ length: rows }, (_, row) => row % 3),
    candidate: [makeAnswers(rows, (place) => (place >= lost && place < 70) || (place >= 70 && place < 70 + won))],
    references: { champion: makeAnswers(rows, (place) => place < 70) },
    slices: [],
    ...extra,
  }
}

function statuses(evidence: Evidence, policy = GATE_POLICY): Partial<Record<RuleName, string>> {
  return Object.fromEntries(judgeAnswers(evidence, policy).rules.map(({ rule, status }) => [rule, status]))
}

describe('macro recall against the champion', () => {
  test('passes where it is equal and the rows are many', () => {
    const { rules } = judgeAnswers(makeEvidence(12_000, 7, 7), GATE_POLICY)
    expect(rules.map(({ status }) => status)).toEqual(rules.map(() => 'pass'))
    expect(verdictOf(rules)).toBe('pass')
    expect(rules.map(({ rule }) => rule)).toEqual([
      'guessing',
      'champion',
      'class-recall',
      'class-recall',
      'class-recall',
      'calibration',
    ])
  })

  test('fails where a loss of two points is plain', () => {
    expect(statuses(makeEvidence(12_000, 8, 6)).champion).toBe('fail')
  })

  test('fails by the interval though the point is inside the margin', () => {
    const { rules } = judgeAnswers(makeEvidence(12_000, 8, 7, {}), readGatePolicy('margin: 1.2', 'x'))
    const rule = rules.find((entry) => entry.rule === 'champion')
    expect(rule).toMatchObject({ status: 'fail', allowed: -0.012 })
    expect(rule?.measured).toBeCloseTo(-0.01, 12)
    expect(rule?.bound).toBeLessThan(-0.012)
  })

  test('is not decided by 600 rows, which are told how many it would take', () => {
    const rule = judgeAnswers(makeEvidence(600, 7, 7), GATE_POLICY).rules.find((entry) => entry.rule === 'champion')
    expect(rule?.status).toBe('undecidable')
    // 14 % of the rows: ((1.6449 + 0.8416) / 0.01)² · 0.14 = 8,656; a little more for the half rows.
    expect(rule?.rowsNeeded).toBeGreaterThan(8600)
    expect(rule?.rowsNeeded).toBeLessThan(8900)
    expect(rule?.sentence).toContain('600 rows are too few to see that')
  })

  test('is not decided by ten rows that both answer alike', () => {
    expect(statuses(makeEvidence(10, 0, 0)).champion).toBe('undecidable')
  })

  test('fails on few rows where the loss is beyond doubt, and passes where the gain is', () => {
    expect(statuses(makeEvidence(600, 30, 0)).champion).toBe('fail')
    expect(statuses(makeEvidence(600, 0, 28)).champion).toBe('pass')
  })
})

test('the best version ever may be missed by twice as much', () => {
  const best = makeAnswers(30_000, (place) => place < 70)
  const found = statuses(makeEvidence(30_000, 3, 2, { references: { champion: best, best, base: best } }))
  expect(found).toMatchObject({ champion: 'fail', best: 'pass', base: 'fail' })
})

test('a class that falls is seen though the others make up for it', () => {
  const evidence = makeEvidence(12_000, 7, 7)
  const [candidate] = evidence.candidate
  const predictions = candidate.predictions.map((prediction, row) => {
    const place = Math.floor(row / 3) % 100
    if (row % 3 === 0) return place < 10 ? WRONG : prediction
    return place < 7 ? row % 3 : prediction
  })
  const { rules } = judgeAnswers({ ...evidence, candidate: [{ ...candidate, predictions }] }, GATE_POLICY)
  const byClass = rules.filter(({ rule }) => rule === 'class-recall').map(({ status }) => status)
  expect(byClass).toEqual(['fail', 'pass', 'pass'])
  expect(rules.find(({ rule }) => rule === 'champion')?.status).toBe('pass')
})

test('a label without rows leaves its recall undecided', () => {
  const evidence = makeEvidence(12_000, 7, 7)
  const found = statuses({ ...evidence, labels: [...LABELS, 'mixed'] })
  expect(found['class-recall']).toBe('undecidable')
})

test('a floor holds for every label that occurs', () => {
  const policy = readGatePolicy('class_floor: 71', 'x')
  expect(statuses(makeEvidence(12_000, 7, 7), policy)['class-floor']).toBe('fail')
  expect(statuses(makeEvidence(12_000, 7, 9), policy)['class-floor']).toBe('pass')
})

test('what is no better than guessing fails, with nothing to compare with', () => {
  const evidence = makeEvidence(12_000, 7, 7, { references: {} })
  const [candidate] = evidence.candidate
  const with_ = (recall: number, low: number) =>
    statuses({ ...evidence, candidate: [{ ...candidate, recalls: LABELS.map(() => recall), macroRecallLow: low }] })
  expect(with_(0.7, 0.69)).toEqual({ guessing: 'pass' })
  expect(with_(0.35, 0.3)).toEqual({ guessing: 'undecidable' })
  expect(with_(0.33, 0.3)).toEqual({ guessing: 'fail' })
})

test('the 8-bit file is compared with the 32-bit one, and both with the champion', () => {
  const evidence = makeEvidence(12_000, 3, 0)
  const float = makeAnswers(12_000, (place) => place < 70, { file: 'model.safetensors', encoding: 'float32' })
  const { rules } = judgeAnswers({ ...evidence, candidate: [evidence.candidate[0], float] }, GATE_POLICY)
  const found = rules.map(({ rule, subject, status }) => `${rule} ${subject} ${status}`)
  expect(found).toContain('quantised onnx/model_quantized.onnx fail')
  expect(found).toContain('champion onnx/model_quantized.onnx fail')
  expect(found).toContain('champion model.safetensors pass')
})

describe('calibration', () => {
  /** Everywhere surer than right by this much. */
  const withError = (rows: number, ece: number) => {
    const evidence = makeEvidence(rows, 7, 7)
    const [candidate] = evidence.candidate
    const confidences = candidate.predictions.map(() => 0.7 + ece)
    const { rules } = judgeAnswers({ ...evidence, candidate: [{ ...candidate, confidences, ece }] }, GATE_POLICY)
    return rules.find(({ rule }) => rule === 'calibration')
  }

  test('may worsen by its margin', () => {
    expect(withError(12_000, 0.01)?.status).toBe('pass')
    expect(withError(12_000, 0.039)?.status).toBe('pass')
    expect(withError(12_000, 0.06)).toMatchObject({ status: 'fail', allowed: 0.02 })
  })

  test('of few rows is not decided where it seems to have worsened by a little more', () => {
    const rule = withError(300, 0.06)
    expect(rule?.status).toBe('undecidable')
    expect(rule?.rowsNeeded).toBeGreaterThan(300)
    expect(withError(300, 0.2)?.status).toBe('fail')
  })
})

describe('a slice', () => {
  const rows = Array.from({ length: 3000 }, (_, row) => row)
  const judged = (slice: readonly number[], lost: number) =>
    judgeAnswers(makeEvidence(3000, lost, 0, { slices: [{ name: 'with an emoji', rows: slice }] }), GATE_POLICY)

  test('fails where a fall is shown', () => {
    expect(judged(rows, 12).rules.find(({ rule }) => rule === 'slice')?.status).toBe('fail')
    expect(judged(rows, 2).rules.find(({ rule }) => rule === 'slice')?.status).toBe('pass')
  })

  test('of few rows is reported and not judged', () => {
    const { rules, slices } = judged(rows.slice(0, 199), 30)
    expect(rules.some(({ rule }) => rule === 'slice')).toBe(false)
    expect(slices).toMatchObject([{ slice: 'with an emoji', rows: 199, difference: null }])
    expect(slices[0]?.candidate).toBeLessThan(slices[0]?.reference ?? 0)
  })
})

test('the same evidence gives the same numbers', () => {
  const evidence = makeEvidence(900, 7, 8)
  expect(judgeAnswers(evidence, GATE_POLICY)).toEqual(judgeAnswers(evidence, GATE_POLICY))
})

test('a difference beyond the margin on both sides of its interval fails whatever the power', () => {
  const found = { difference: -0.2, low: -0.3, high: -0.1, standardError: 0.06 }
  expect(judgeDifference(found, 0.01, 50, GATE_POLICY)).toEqual({ status: 'fail' })
})

test('one rule that fails decides; one that is undecidable decides the rest; what is skipped does not', () => {
  const verdict = (...found: ('pass' | 'fail' | 'undecidable' | 'skipped')[]) =>
    verdictOf(found.map((status) => ({ status })))
  expect(verdict('pass', 'skipped')).toBe('pass')
  expect(verdict('pass', 'undecidable')).toBe('undecidable')
  expect(verdict('undecidable', 'fail')).toBe('fail')
})

test('time and size are judged by their ratios, where there is something to compare with', () => {
  const speed = { candidate: 5, reference: 4, ratio: 1.25, rounds: 15 }
  expect(judgeLatency(speed, 'champion', GATE_POLICY)).toMatchObject([{ status: 'pass', measured: 1.25 }])
  expect(judgeLatency({ ...speed, ratio: 1.3 }, 'champion', GATE_POLICY)).toMatchObject([{ status: 'fail' }])
  expect(judgeLatency(null, null, GATE_POLICY)).toEqual([])
  const file = {
    file: 'a.onnx',
    encoding: 'int8',
    macroRecall: { value: 1 },
    accuracy: { value: 1 },
    ece: 0,
    recalls: [],
  }
  const [small, large] = [
    { ...file, role: 'champion' as const, bytes: 100 },
    { ...file, role: 'candidate' as const, bytes: 126 },
  ]
  expect(judgeSize(large, small, GATE_POLICY)).toMatchObject([{ status: 'fail', measured: 1.26 }])
  expect(judgeSize(small, large, GATE_POLICY)).toMatchObject([{ status: 'pass' }])
  expect(judgeSize(large, undefined, GATE_POLICY)).toEqual([])
})
