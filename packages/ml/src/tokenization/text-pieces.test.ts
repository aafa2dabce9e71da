// Pieces of a long text: joined they are the text, and their ids are the whole text's.
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { PIECE_CHARS, splitPieces } from './text-pieces.ts'
import { createTokenizer } from './tokenizer.ts'
import { readTokenizerFiles } from './tokenizer-files.ts'

const words = fc.constantFrom('love', 'the', "isn't", '😡', '你好', '[SEP]', 'a', '42', '...', 'a\0', '\u0301')
const spaces = fc.constantFrom(' ', '  ', '   ', '\n', ' \n', '\t ', '\u0085 ', ' \u00a0 ', '\n\u0085', ' \0 ')

describe('splitPieces', () => {
  test('joined, the pieces are the text; none is longer than asked or cut inside a pair', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 120 }), fc.integer({ min: 2, max: 40 }), (text, size) => {
        const pieces = [...splitPieces(text, size)]
        expect(pieces.join('')).toBe(text)
        for (const piece of pieces) {
          expect(piece.length).toBeLessThanOrEqual(size)
          expect(Buffer.from(piece).toString()).toBe(piece)
        }
        if (text !== '') expect(pieces).not.toContain('')
      }),
      { numRuns: 1_000, seed: 3 },
    )
  })

  test('a text of ordinary length is one piece, the empty one too', () => {
    expect([...splitPieces('')]).toEqual([''])
    expect([...splitPieces('a'.repeat(PIECE_CHARS))]).toHaveLength(1)
  })

  test('no cut before a combining mark or a joiner', () => {
    const pieces = [...splitPieces('e\u0301'.repeat(50), 11)]
    for (const piece of pieces) expect(piece.startsWith('\u0301')).toBe(false)
  })
})

test.each(['tiny-bert', 'tiny-roberta'])('%s: a text in pieces has the ids of the whole', async (name) => {
  const files = await readTokenizerFiles(fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url)))
  const tokenizer = createTokenizer(files)
  const idsOf = (pieces: Iterable<string>): number[] => {
    const ids: number[] = []
    let first = true
    for (const piece of pieces) {
      tokenizer.append(piece, first, ids)
      first = false
    }
    return ids
  }
  const post = fc.array(fc.tuple(words, spaces), { minLength: 10, maxLength: 40 })
  fc.assert(
    fc.property(post, (parts) => {
      const text = parts.flat().join('')
      expect(idsOf(splitPieces(text, 16))).toEqual(idsOf([text]))
    }),
    { numRuns: 1_000, seed: 8 },
  )
})
