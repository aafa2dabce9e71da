// Tests of how numbers and tables are shown.
import { describe, expect, test } from 'vitest'
import { describeSummary } from '../predict/describe-summary.ts'
import { describeProgress } from '../progress.ts'
import { formatBytes, formatDuration, formatPoints, formatShare } from './numbers.ts'
import { cleanText, fitText, formatTable } from './table.ts'

describe('numbers', () => {
  test('net sentiment always has its sign', () => {
    expect([formatPoints(12.34), formatPoints(-3), formatPoints(0.01), formatPoints(-0.01)]).toEqual([
      '+12.3',
      '-3.0',
      '0.0',
      '0.0',
    ])
  })

  test('sizes, shares and durations', () => {
    expect([formatBytes(999), formatBytes(23_511_437), formatBytes(2.5e9)]).toEqual(['999 B', '23.5 MB', '2.50 GB'])
    expect(formatShare(0.70183)).toBe('70.2 %')
    expect([formatDuration(0.4), formatDuration(42), formatDuration(200), formatDuration(9000)]).toEqual([
      'under 1 s',
      '42 s',
      '3 min',
      '2.5 h',
    ])
  })

  test('progress says rows, rate and time left, as far as they are known', () => {
    expect(describeProgress({ rows: 1000, share: 0.25 }, 10_000)).toBe('1,000 rows, 100 rows/s, about 30 s left')
    expect(describeProgress({ rows: 1000, share: null }, 10_000)).toBe('1,000 rows, 100 rows/s')
  })

  test('there is no sum of one post', () => {
    const share = (n: number) => ({ n, share: n / 10, low: 0, high: 1 })
    const split = { negative: share(2), neutral: share(3), positive: share(5) }
    expect(
      describeSummary({ scored: 1, net: { points: 100, low: -50, high: 100, n: 1 }, split, change: null }),
    ).toEqual([])
    expect(
      describeSummary({ scored: 10, net: { points: 30, low: -20, high: 65.5, n: 10 }, split, change: null }),
    ).toEqual([
      'Net sentiment +30.0 (95 % interval -20.0 to +65.5) over 10 posts',
      'negative 20.0 % (2), neutral 30.0 % (3), positive 50.0 % (5)',
    ])
  })

  test('a change between the halves is said only where the posts show it', () => {
    const share = { n: 100, share: 1 / 3, low: 0.2, high: 0.4 }
    const net = { points: 0, low: -9, high: 9, n: 300 }
    const change = {
      before: { from: '2026-01-01T00:00:00.000Z', to: '2026-01-16T00:00:00.000Z', net: { ...net, points: 11 } },
      after: { from: '2026-01-16T00:00:00.000Z', to: '2026-01-31T00:00:00.000Z', net: { ...net, points: -8 } },
      difference: { points: -19, low: -28, high: -10 },
      supported: true,
    }
    const numbers = { scored: 300, net, split: { negative: share, neutral: share, positive: share } }
    expect(describeSummary({ ...numbers, change })[2]).toBe(
      'It fell 19.0 points (95 % interval -28.0 to -10.0) from the earlier half of the period to the later, which begins on 2026-01-16',
    )
    expect(describeSummary({ ...numbers, change: { ...change, supported: false } })).toHaveLength(2)
  })
})

describe('tables', () => {
  test('set columns of numbers right and others left, and count wide characters twice', () => {
    expect(
      formatTable(
        ['name', 'n'],
        [
          ['東京', '1,000'],
          ['x', '20'],
        ],
      ),
    ).toBe(['name      n', '────  ─────', '東京  1,000', 'x        20'].join('\n'))
  })

  test('a text is cut to the width, never inside a character', () => {
    expect(fitText('short', 10)).toBe('short')
    expect(fitText('a longer text', 8)).toBe('a longe…')
    expect(fitText('👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 5)).toBe('👩‍👩‍👧‍👦👩‍👩‍👧‍👦…')
  })

  test('characters that steer the terminal or turn the text around are not passed on', () => {
    expect(cleanText('a\u001b[31mred\u0007\nb\u202eabc\u0000')).toBe('a [31mred b abc')
  })
})
