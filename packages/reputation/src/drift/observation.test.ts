// Tests of what is kept of a post.
import { describe, expect, test } from 'vitest'
import { EDGES, FEATURE_NAMES, LANGUAGES, SCRIPTS } from './features.ts'
import { findLanguage, findScript } from './language.ts'
import { observe } from './observation.ts'
import { hashWord, plainText, splitWords } from './text-words.ts'

const SURE = { negative: 0.01, neutral: 0.01, positive: 0.98 }

function observed(text: string, tokens = 8, unknownTokens = 0): ReturnType<typeof observe> {
  return observe({ text, label: 'positive', scores: SURE, tokens, unknownTokens })
}

describe('the words of a post', () => {
  test('are those that say what it is about: no addresses, mentions or entities', () => {
    expect(plainText('Ask @someone &amp; see https://example.org/a?b=c now')).toBe('Ask see now')
    expect(splitWords('The #Launch, re-launched! 2nd')).toEqual(['the', 'launch', 're', 'launched', '2nd'])
  })

  test('are single signs in scripts without spaces', () => {
    expect(splitWords('新しい電話')).toEqual(['新', 'し', 'い', '電', '話'])
  })

  test('are counted once, whatever the case', () => {
    expect(observed('Good GOOD good bread').words).toHaveLength(2)
  })

  test('become the same numbers everywhere', () => {
    expect([hashWord('bread'), hashWord('')]).toEqual([hashWord('bread'), hashWord('')])
    const hashes = new Set(Array.from({ length: 20_000 }, (_, at) => hashWord(`word${at}`)))
    expect(hashes.size).toBeGreaterThan(19_990)
  })

  test('of a very long post are those at its beginning', () => {
    expect(observed('bread '.repeat(50_000)).words).toHaveLength(1)
    expect(observed(Array.from({ length: 9000 }, (_, at) => `w${at}`).join(' ')).words.length).toBeLessThanOrEqual(300)
  })
})

describe('script and language', () => {
  test.each([
    ['The train was late and nobody told us why', 'latin', 'en'],
    ['Der Zug war nicht pünktlich und das ist schade', 'latin', 'de'],
    ['El tren no llegó y la gente está muy enfadada', 'latin', 'es'],
    ['Le train est en retard et je ne sais pas pourquoi', 'latin', 'fr'],
    ['O trem não chegou e eu não sei o que fazer', 'latin', 'pt'],
    ['Поезд снова опоздал', 'cyrillic', 'unknown'],
    ['القطار متأخر مرة أخرى', 'arabic', 'unknown'],
    ['ट्रेन फिर देर से आई', 'devanagari', 'unknown'],
    ['電車がまた遅れた', 'east_asian', 'unknown'],
    ['Το τρένο άργησε πάλι', 'other', 'unknown'],
    ['😀 123 !!!', 'none', 'unknown'],
    ['', 'none', 'unknown'],
  ])('%s', (text, script, language) => {
    expect([findScript(text), findLanguage(splitWords(text))]).toEqual([script, language])
  })
})

test('every feature has a bin of its own range', () => {
  const { bins } = observed('The train was late', 5, 2)
  expect(Object.keys(bins)).toEqual(FEATURE_NAMES.filter((name) => name !== 'novelty'))
  expect(bins).toMatchObject({
    length: 0,
    unknown: EDGES.unknown.length,
    confidence: EDGES.confidence.length,
    entropy: 0,
    script: SCRIPTS.indexOf('latin'),
    language: LANGUAGES.indexOf('en'),
  })
})
