// Numbers read as the page writes them.
import { describe, expect, it } from 'vitest'
import {
  countCharacters,
  formatBytes,
  formatCompact,
  formatCount,
  formatNet,
  formatNoun,
  formatPoints,
  formatRange,
  formatScore,
  formatShare,
  formatShareRange,
} from './number.ts'

const NBSP = '\u00a0'
const THIN = '\u202f'

describe('numbers', () => {
  it('groups thousands and writes a real minus sign', () => {
    expect([0, 7, 999, 1204, 1234567, -1204].map(formatCount)).toEqual([
      '0',
      '7',
      '999',
      '1,204',
      '1,234,567',
      '−1,204',
    ])
    expect(formatCount(-0.2)).toBe('0')
  })

  it('puts a noun into its number', () => {
    expect([0, 1, 1204].map((count) => formatNoun(count, 'post'))).toEqual(['0 posts', '1 post', '1,204 posts'])
  })

  it('shortens large numbers with a thin space', () => {
    expect([999, 999.6, 1000, 12400, 999_950, 3.2e6, 1.25e9].map(formatCompact)).toEqual([
      '999',
      `1${THIN}k`,
      `1${THIN}k`,
      `12.4${THIN}k`,
      `1${THIN}M`,
      `3.2${THIN}M`,
      `1.3${THIN}G`,
    ])
  })

  it('gives points a sign, and zero none', () => {
    expect([4.4, -8, 0, -0.4, 0.4, 100].map(formatPoints)).toEqual(['+4', '−8', '0', '0', '0', '+100'])
  })

  it('says a symmetrical interval as ±, an uneven one as its ends, and never ± 0', () => {
    expect(formatNet({ points: -8, low: -12, high: -4 })).toBe(`−8${NBSP}±${NBSP}4`)
    expect(formatNet({ points: -96, low: -100, high: -81 })).toBe('−96 (−100 to −81)')
    expect(formatNet({ points: 5, low: 4.9, high: 5.1 })).toBe(`+5${NBSP}±${NBSP}1`)
    expect(formatRange({ low: -12.2, high: 0.3 })).toBe('−12 to 0')
  })

  it('rounds a share, but never something to nothing or to everything', () => {
    expect([0, 0.001, 0.342, 0.9999, 1].map(formatShare)).toEqual(['0%', '<1%', '34%', '>99%', '100%'])
    expect(formatShareRange(0.321, 0.367)).toBe('32–37%')
  })

  it('writes scores and sizes', () => {
    expect(formatScore(0.7014)).toBe('0.701')
    expect([0, 999, 1000, 348_213, 3_355_443, 2e9].map(formatBytes)).toEqual([
      '0 B',
      '999 B',
      '1 kB',
      '348 kB',
      '3.4 MB',
      '2 GB',
    ])
  })

  it('counts an emoji and a lone surrogate as one character', () => {
    expect(countCharacters('aé🙂')).toBe(3)
    expect(countCharacters('a\ud800b')).toBe(3)
    expect(countCharacters('')).toBe(0)
  })
})
