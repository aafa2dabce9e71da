// The longest-match cut of words.
import { expect, test } from 'vitest'
import { appendWordPieces, createWordPieceModel } from './word-piece.ts'

const TOKENS = ['[UNK]', 'un', 'want', '##want', '##ed', '##wanted', 'a', '##a', '😡', '##😡']
const model = createWordPieceModel(new Map(TOKENS.map((token, id) => [token, id])), {
  unknownId: 0,
  prefix: '##',
  maxWordChars: 10,
})

function pieces(word: string): (string | undefined)[] {
  const output: number[] = []
  appendWordPieces(word, model, output)
  return output.map((id) => TOKENS[id])
}

test.each([
  ['unwanted', ['un', '##wanted']],
  ['unwant', ['un', '##want']],
  ['want', ['want']],
  ['wanting', ['[UNK]']],
  ['ed', ['[UNK]']],
  ['aaaaaaaaaa', ['a', ...new Array(9).fill('##a')]],
  ['aaaaaaaaaaa', ['[UNK]']],
  ['😡😡', ['😡', '##😡']],
  ['😡'.repeat(10), ['😡', ...new Array(9).fill('##😡')]],
  ['😡'.repeat(11), ['[UNK]']],
])('%s', (word, expected) => {
  expect(pieces(word)).toEqual(expected)
})

test('an unknown word leaves nothing of its known beginning', () => {
  const output = [6]
  appendWordPieces('unknown', model, output)
  expect(output).toEqual([6, 0])
})
