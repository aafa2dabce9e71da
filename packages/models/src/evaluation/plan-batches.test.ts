// Tests of which sequences are scored together.
import { describe, expect, test } from 'vitest'
import { planBatches } from './plan-batches.ts'

describe('planBatches', () => {
  test('puts sequences of like length together, within the tokens, each once', () => {
    const lengths = [10, 500, 40, 300, 513, 200, 10, 12]
    const sequences = lengths.map((length, post) => ({ post, ids: new Int32Array(length) }))
    const batches = planBatches(sequences, 512).map((batch) => batch.map(({ ids }) => ids.length))
    expect(batches).toEqual([[513], [500], [300, 200], [40, 12, 10, 10]])
  })
})
