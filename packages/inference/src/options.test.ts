// Defaults of the options, and values that are refused.
import { describe, expect, it } from 'vitest'
import { resolveSettings } from './options.ts'

describe('options', () => {
  it('have defaults, also where undefined is passed on', () => {
    expect(resolveSettings({ cacheEntries: undefined } as object)).toMatchObject({
      batchTokens: 512,
      cacheEntries: 50_000,
    })
    expect(resolveSettings({}).threads).toBeGreaterThan(0)
  })

  it.each([
    { threads: 0 },
    { workers: -1 },
    { batchTokens: 0 },
    { batchTokens: 1.5 },
    { maxQueueTokens: Number.NaN },
    { runTimeoutMs: Number.POSITIVE_INFINITY },
    { cacheEntries: -1 },
  ])('%j are refused', (options) => {
    expect(() => resolveSettings(options)).toThrow(expect.objectContaining({ code: 'OPTIONS_INVALID' }))
  })
})
