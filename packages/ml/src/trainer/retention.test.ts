// Which checkpoints go: never the best, the latest, or one that will be needed.
import { describe, expect, it } from 'vitest'
import { parseTrainingArguments } from './arguments/parse-arguments.ts'
import { planRetention } from './retention.ts'
import { INITIAL_STATE } from './run-state.ts'

const AVERAGING = { average_checkpoints: 2, save_strategy: 'epoch' }

describe('checkpoints that go', () => {
  it.each([
    ['none without a limit', {}, {}, null, [2, 4, 6], []],
    ['the oldest beyond the limit', { save_total_limit: 2 }, {}, null, [2, 4, 6, 8], [2, 4]],
    ['not the best', { save_total_limit: 2 }, { bestCheckpointStep: 2 }, null, [2, 4, 6, 8], [4, 6]],
    ['not the best, though the limit is one', { save_total_limit: 1 }, { bestCheckpointStep: 4 }, null, [4, 6, 8], [6]],
    [
      'not what the average needs',
      { ...AVERAGING, save_total_limit: 2 },
      { savedSteps: [2, 4, 6, 8] },
      null,
      [2, 4, 6, 8],
      [2, 4],
    ],
    ['that of an interruption', {}, {}, 5, [2, 4, 5, 6], [5]],
    ['not that of an interruption if it is the best', {}, { bestCheckpointStep: 5 }, 5, [2, 4, 5, 6], []],
    ['that of an interruption, which counts for no limit', { save_total_limit: 3 }, {}, 5, [2, 4, 5, 6], [5]],
    ['none of a future that the run has left', { save_total_limit: 1 }, {}, null, [8, 10, 12], []],
  ] as const)('are %s', (_, given, changes, stray, steps, expected) => {
    const state = { ...INITIAL_STATE, step: 8, ...changes }
    expect(planRetention(parseTrainingArguments(given), state, stray, steps)).toEqual(expected)
  })
})
