// Durations, ages and calendar labels.
import { describe, expect, it } from 'vitest'
import {
  endOfBucket,
  formatAgo,
  formatBucket,
  formatDuration,
  formatLeft,
  formatPeriod,
  formatTicks,
  formatUntil,
} from './time.ts'

const at = (iso: string): Date => new Date(iso)

describe('times', () => {
  it('says a duration in one unit', () => {
    expect([0.4, 12, 999.6, 1400, 9990, 42_000, 59_600, 150_000, 7.2e6, 9e7].map(formatDuration)).toEqual([
      'under 1 ms',
      '12 ms',
      '1.0 s',
      '1.4 s',
      '10.0 s',
      '42 s',
      '1 min',
      '3 min',
      '2 h',
      '1 day',
    ])
  })

  it('says what is left in steps that do not jitter', () => {
    expect([0, 4, 41, 44, 61, 3600].map(formatLeft)).toEqual([
      'a few seconds left',
      'a few seconds left',
      'about 45 s left',
      'about 45 s left',
      'about 1 min left',
      'about 1 h left',
    ])
  })

  it('says how long ago and how long until', () => {
    const now = at('2024-03-10T12:00:00Z')
    expect(formatAgo(at('2024-03-10T11:59:30Z'), now)).toBe('just now')
    expect(formatAgo(at('2024-03-10T11:57:00Z'), now)).toBe('3 min ago')
    expect(formatAgo(at('2024-03-10T12:00:05Z'), now)).toBe('just now')
    expect(formatUntil(at('2024-03-11T10:00:00Z'), now)).toBe('in 22 h')
    expect(formatUntil(at('2024-03-10T11:00:00Z'), now)).toBe('now')
  })

  it('ends a bucket where the next begins, in UTC, over leap days and years', () => {
    expect(endOfBucket(at('2024-02-29T00:00:00Z'), 'day')).toEqual(at('2024-03-01T00:00:00Z'))
    expect(endOfBucket(at('2024-02-01T00:00:00Z'), 'month')).toEqual(at('2024-03-01T00:00:00Z'))
    expect(endOfBucket(at('2024-12-30T00:00:00Z'), 'week')).toEqual(at('2025-01-06T00:00:00Z'))
    expect(endOfBucket(at('2024-01-01T00:00:00Z'), 'year')).toEqual(at('2025-01-01T00:00:00Z'))
    expect(endOfBucket(at('2024-03-31T23:00:00Z'), 'hour')).toEqual(at('2024-04-01T00:00:00Z'))
  })

  it('names a bucket of each unit', () => {
    const start = at('2024-03-11T15:00:00Z')
    expect((['hour', 'day', 'week', 'month', 'year'] as const).map((unit) => formatBucket(start, unit))).toEqual([
      '11 March 2024, 15:00',
      '11 March 2024',
      'week of 11 March 2024',
      'March 2024',
      '2024',
    ])
  })

  it('names a period as short as it can be said', () => {
    const day = (from: string, to: string): string => formatPeriod(at(from), at(to), 'day')
    expect(day('2024-03-03T00:00:00Z', '2024-03-04T00:00:00Z')).toBe('3 March 2024')
    expect(day('2024-03-03T00:00:00Z', '2024-03-25T00:00:00Z')).toBe('3–24 March 2024')
    expect(day('2024-03-03T00:00:00Z', '2024-04-03T00:00:00Z')).toBe('3 March – 2 April 2024')
    expect(day('2023-12-30T00:00:00Z', '2024-01-03T00:00:00Z')).toBe('30 December 2023 – 2 January 2024')
    expect(formatPeriod(at('2024-01-01T00:00:00Z'), at('2024-03-01T00:00:00Z'), 'month')).toBe(
      'January – February 2024',
    )
    expect(formatPeriod(at('2020-01-01T00:00:00Z'), at('2024-01-01T00:00:00Z'), 'year')).toBe('2020–2023')
    expect(formatPeriod(at('2024-03-03T10:00:00Z'), at('2024-03-03T18:00:00Z'), 'hour')).toBe(
      '3 March 2024, 10:00–18:00',
    )
    expect(formatPeriod(at('2024-03-03T10:00:00Z'), at('2024-03-04T02:00:00Z'), 'hour')).toBe(
      '3 March, 10:00 – 4 March 2024, 02:00',
    )
  })

  it('labels ticks by their step, and names a year where it begins', () => {
    const hour = 3600
    const ticks = (step: number, ...isos: string[]): string[] => formatTicks(isos.map(at), step)
    expect(ticks(hour, '2024-03-02T23:00:00Z', '2024-03-03T00:00:00Z')).toEqual(['23:00', '3 Mar'])
    expect(ticks(24 * hour, '2024-03-03T00:00:00Z')).toEqual(['3 Mar'])
    expect(ticks(60 * 24 * hour, '2023-11-01T00:00:00Z', '2024-01-01T00:00:00Z', '2024-03-01T00:00:00Z')).toEqual([
      'Nov 2023',
      'Jan 2024',
      'Mar',
    ])
    expect(ticks(365 * 24 * hour, '2024-01-01T00:00:00Z')).toEqual(['2024'])
  })
})
