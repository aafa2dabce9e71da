// Small models are copied, large ones shared.
import { describe, expect, it } from 'vitest'
import { planWorkers } from './plan-workers.ts'

const [SMALL, LARGE] = [24_000_000, 127_000_000]

describe('workers', () => {
  it('of a small model have a thread each, up to four workers', () => {
    expect(planWorkers(1, SMALL)).toEqual({ workers: 1, threads: 1 })
    expect(planWorkers(2, SMALL)).toEqual({ workers: 2, threads: 1 })
    expect(planWorkers(16, SMALL)).toEqual({ workers: 4, threads: 4 })
  })

  it('of a large model are one with all threads', () => {
    expect(planWorkers(8, LARGE)).toEqual({ workers: 1, threads: 8 })
  })

  it('are as many as wanted, each with a thread at least', () => {
    expect(planWorkers(2, LARGE, 3)).toEqual({ workers: 3, threads: 1 })
  })
})
