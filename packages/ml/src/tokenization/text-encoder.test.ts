// Token ids equal transformers' on the golden fixtures, from every form a tokenizer comes in.
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { readTestData, testDataFolder } from '../testing/test-data.ts'
import { loadTextEncoder, TEXT_LIMIT_CHARS } from './text-encoder.ts'

const fixtures = fileURLToPath(new URL('../../fixtures/', import.meta.url))
const made: string[] = []

interface Golden {
  readonly texts: readonly string[]
  readonly max_length: number
  readonly input_ids: readonly (readonly number[])[]
  readonly attention_mask: readonly (readonly number[])[]
}

async function readGolden(name: string): Promise<Golden> {
  return JSON.parse(await readFile(join(fixtures, name, 'golden.json'), 'utf8'))
}

/** A copy of some files of a fixture, as a folder of its own. */
async function folderWith(name: string, files: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'renown-tokenizer-'))
  made.push(folder)
  for (const file of files) await cp(join(fixtures, name, file), join(folder, file))
  return folder
}

afterAll(async () => {
  for (const folder of made) await rm(folder, { recursive: true })
})

const FORMS = [
  ['tiny-bert', 'tokenizer.json', ['tokenizer.json', 'tokenizer_config.json', 'config.json']],
  ['tiny-bert', 'vocab.txt', ['vocab.txt', 'tokenizer_config.json', 'config.json']],
  ['tiny-bert', 'vocab.txt alone', ['vocab.txt', 'config.json']],
  ['tiny-roberta', 'tokenizer.json', ['tokenizer.json', 'tokenizer_config.json', 'config.json']],
  ['tiny-roberta', 'vocab.json and merges.txt', ['vocab.json', 'merges.txt', 'tokenizer_config.json', 'config.json']],
  ['tiny-roberta', 'vocab.json and merges.txt alone', ['vocab.json', 'merges.txt', 'config.json']],
] as const

describe.each(FORMS)('%s from %s', (name, _form, files) => {
  test('has the ids of transformers for emoji, CJK, empty and overlong texts', async () => {
    const golden = await readGolden(name)
    const encoder = await loadTextEncoder(await folderWith(name, files))
    for (const [row, text] of golden.texts.entries()) {
      const length = golden.attention_mask[row]?.reduce((sum, one) => sum + one, 0)
      expect([...encoder.encodeTruncated(text, golden.max_length)], text).toEqual(
        golden.input_ids[row]?.slice(0, length),
      )
    }
  })

  test('has the ids of transformers for control characters, scripts, special tokens and long words', async () => {
    const tricky = await readTricky()
    const encoder = await loadTextEncoder(await folderWith(name, files))
    for (const [row, text] of tricky.texts.entries()) {
      expect([...encoder.encodeTruncated(text, 10_000)], JSON.stringify(text)).toEqual(tricky[name][row])
    }
  })
})

interface Tricky {
  readonly texts: readonly string[]
  readonly 'tiny-bert': readonly (readonly number[])[]
  readonly 'tiny-roberta': readonly (readonly number[])[]
  readonly 'bert-uncased': readonly (readonly number[])[]
}

async function readTricky(): Promise<Tricky> {
  return JSON.parse(await readFile(join(fixtures, 'tricky-texts.json'), 'utf8'))
}

test.each(['tiny-bert', 'tiny-roberta'] as const)(
  '%s: bare files and tokenizer.json give the same ids',
  async (name) => {
    const full = await loadTextEncoder(join(fixtures, name))
    const files = name === 'tiny-bert' ? ['vocab.txt'] : ['vocab.json', 'merges.txt']
    const bare = await loadTextEncoder(await folderWith(name, [...files, 'config.json', 'tokenizer_config.json']))
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
        expect(bare.encode(text)).toEqual(full.encode(text))
      }),
      { numRuns: 1_000, seed: 5 },
    )
  },
)

describe('the reference model', async () => {
  const isThere = await readTestData('models/minilm-sentiment-reference/config.json')
  const name = 'a vocabulary of 30,522 tokens gives the ids of transformers'
  if (!isThere) return test.skip(`${name} (the model is not on this machine)`)
  test(name, async () => {
    const tricky = await readTricky()
    const encoder = await loadTextEncoder(join(testDataFolder(), 'models/minilm-sentiment-reference'))
    expect(encoder.window).toBe(512)
    for (const [row, text] of tricky.texts.entries()) {
      expect([...encoder.encodeTruncated(text, 10_000)], JSON.stringify(text)).toEqual(tricky['bert-uncased'][row])
    }
  })
})

describe('windows', () => {
  test('a text that fits is one window; the empty text has its special tokens', async () => {
    const encoder = await loadTextEncoder(join(fixtures, 'tiny-roberta'))
    expect(encoder.encode('')).toEqual({ windows: [Int32Array.of(0, 2)], tokens: 0 })
    expect(encoder.encode('a').tokens).toBe(1)
    expect(encoder.padId).toBe(1)
  })

  test.each(['tiny-bert', 'tiny-roberta'])('%s: windows overlap by a quarter and cover every token', async (name) => {
    const encoder = await loadTextEncoder(join(fixtures, name))
    const text = Array.from({ length: 200 }, (_, index) => 'the love update'.slice(0, (index % 15) + 1)).join(' ')
    const whole = [...encoder.encodeTruncated(text, 100_000)].slice(1, -1)
    const { windows, tokens } = encoder.encode(text)
    const capacity = encoder.window - 2
    expect(tokens).toBe(whole.length)
    let covered = 0
    for (const window of windows) {
      expect(window.length).toBe(encoder.window)
      expect([window[0], window.at(-1)]).toEqual([...encoder.encode('').windows[0]!])
      const inner = [...window].slice(1, -1)
      const start = indexOf(whole, inner, Math.max(0, covered - capacity))
      expect(start).toBeGreaterThanOrEqual(0)
      if (covered > 0) expect(covered - start).toBeGreaterThanOrEqual(Math.floor(capacity / 4))
      covered = start + inner.length
    }
    expect(covered).toBe(whole.length)
  })

  const configs = [
    [
      'RoBERTa positions start after the padding id',
      'tiny-roberta',
      { model_type: 'roberta', max_position_embeddings: 66, pad_token_id: 1 },
      {},
      64,
    ],
    [
      'BERT positions start at 0',
      'tiny-bert',
      { model_type: 'bert', max_position_embeddings: 64, pad_token_id: 0 },
      {},
      64,
    ],
    [
      'the tokenizer may ask for less',
      'tiny-bert',
      { model_type: 'bert', max_position_embeddings: 64 },
      { model_max_length: 40 },
      40,
    ],
    [
      'the position table is the limit',
      'tiny-bert',
      { model_type: 'bert', max_position_embeddings: 64 },
      { model_max_length: 512 },
      64,
    ],
    [
      'the huge number for no limit',
      'tiny-bert',
      { model_type: 'bert', max_position_embeddings: 64 },
      { model_max_length: 1e30 },
      64,
    ],
  ] as const
  test.each(configs)('%s', async (_name, fixture, config, settings, expected) => {
    const folder = await folderWith(fixture, ['tokenizer.json'])
    await writeFile(join(folder, 'config.json'), JSON.stringify(config))
    await writeFile(join(folder, 'tokenizer_config.json'), JSON.stringify(settings))
    expect((await loadTextEncoder(folder)).window).toBe(expected)
    expect((await loadTextEncoder(folder, { window: 12 })).window).toBe(12)
  })

  test('a folder without tokenizer_config.json takes its window from the position table', async () => {
    const encoder = await loadTextEncoder(await folderWith('tiny-roberta', ['tokenizer.json', 'config.json']))
    expect(encoder.window).toBe(64)
  })
})

describe('hostile texts', () => {
  test('a text past the limit is refused, one at the limit is not', async () => {
    const encoder = await loadTextEncoder(join(fixtures, 'tiny-bert'))
    expect(encoder.encode('a '.repeat(TEXT_LIMIT_CHARS / 2)).tokens).toBe(TEXT_LIMIT_CHARS / 2)
    expect(() => encoder.encode('a'.repeat(TEXT_LIMIT_CHARS + 1))).toThrow(
      expect.objectContaining({ code: 'TEXT_TOO_LONG', message: expect.stringContaining('100001') }),
    )
    const strict = await loadTextEncoder(join(fixtures, 'tiny-bert'), { maxTextChars: 3 })
    expect(() => strict.encode('four')).toThrow(expect.objectContaining({ code: 'TEXT_TOO_LONG' }))
  })

  test.each(['tiny-bert', 'tiny-roberta'])('%s: lone surrogates are read as U+FFFD', async (name) => {
    const encoder = await loadTextEncoder(join(fixtures, name))
    for (const [lone, replaced] of [
      ['a\ud83d b', 'a\ufffd b'],
      ['\udc00', '\ufffd'],
      ['\ud83d\ud83d\ude21', '\ufffd😡'],
    ] as const) {
      expect(encoder.encode(lone)).toEqual(encoder.encode(replaced))
    }
  })

  test.each(['tiny-bert', 'tiny-roberta'])('%s: every window of hostile text is a sound sequence', async (name) => {
    const encoder = await loadTextEncoder(join(fixtures, name))
    const config = JSON.parse(await readFile(join(fixtures, name, 'config.json'), 'utf8'))
    for (const part of ['a', ' ', '\n', '\0', '\u0301', '\ud800', '😡', '你', "'s", '[SEP]', '<mask>', 'ab1!']) {
      const { windows } = encoder.encode(part.repeat(30_000 / part.length))
      for (const window of windows) {
        expect(window.length).toBeLessThanOrEqual(encoder.window)
        expect(window.every((id) => id >= 0 && id < config.vocab_size)).toBe(true)
      }
    }
  })
})

describe('folders that are refused', () => {
  const json = JSON.stringify
  const cases: readonly [string, Record<string, string>, RegExp][] = [
    ['no tokenizer', {}, /expected tokenizer\.json/],
    ['vocab.json without merges.txt', { 'vocab.json': json({ a: 0 }) }, /expected tokenizer\.json/],
    ['no JSON', { 'tokenizer.json': 'tokens' }, /tokenizer\.json is not valid JSON/],
    ['a list', { 'tokenizer.json': '[]' }, /got an array/],
    ['no model', { 'tokenizer.json': '{}' }, /model/],
    ['an unknown kind of model', { 'tokenizer.json': json({ model: { type: 'Magic' } }) }, /not usable/],
    [
      'an unknown pre-tokenizer',
      { 'tokenizer.json': json({ model: { type: 'WordPiece', vocab: { a: 0 } }, pre_tokenizer: { type: 'Magic' } }) },
      /not usable/,
    ],
    ['a negative id', { 'tokenizer.json': json({ model: { type: 'WordPiece', vocab: { a: -1 } } }) }, /token id/],
    [
      'an id that is text',
      { 'tokenizer.json': json({ model: { type: 'BPE', vocab: { a: '1' }, merges: [] } }) },
      /token id/,
    ],
    ['an empty vocabulary', { 'tokenizer.json': json({ model: { type: 'WordPiece', vocab: {} } }) }, /expected tokens/],
    [
      'a vocabulary larger than the model',
      {
        'vocab.txt': '[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\n',
        'config.json': json({ vocab_size: 5, max_position_embeddings: 8 }),
      },
      /vocab_size 5, got 5/,
    ],
    ['a vocabulary without special tokens', { 'vocab.txt': 'a\nb\n' }, /lacks the unk token/],
    [
      'merges of three parts',
      { 'vocab.json': json({ '<s>': 0, '</s>': 1 }), 'merges.txt': '#version: 0.2\na b c\n' },
      /line 2/,
    ],
    [
      'merges of tokens that are not there',
      { 'vocab.json': json({ '<s>': 0, '</s>': 1 }), 'merges.txt': 'a\n' },
      /line 1/,
    ],
    ['no window', { 'vocab.txt': '[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\n' }, /No window/],
    [
      'a window of two tokens',
      { 'vocab.txt': '[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\n', 'config.json': json({ max_position_embeddings: 2 }) },
      /more than 2 special tokens/,
    ],
  ]
  test.each(cases)('%s', async (_name, files, message) => {
    const folder = await folderWith('tiny-bert', [])
    for (const [file, content] of Object.entries(files)) await writeFile(join(folder, file), content)
    await expect(loadTextEncoder(folder)).rejects.toMatchObject({
      code: 'TOKENIZER_INVALID',
      message: expect.stringMatching(message),
    })
  })
})

function indexOf(whole: readonly number[], part: readonly number[], from: number): number {
  for (let start = from; start + part.length <= whole.length; start++) {
    if (part.every((id, index) => whole[start + index] === id)) return start
  }
  return -1
}
