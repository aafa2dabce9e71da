// What tokenizer_config.json and special_tokens_map.json change about bare vocabulary files.
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { loadTextEncoder, type TextEncoder } from './text-encoder.ts'

const fixtures = fileURLToPath(new URL('../../fixtures/', import.meta.url))
const made: string[] = []

afterAll(async () => {
  for (const folder of made) await rm(folder, { recursive: true })
})

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'renown-settings-'))
  made.push(folder)
  return folder
}

async function roberta(settings: object, file = 'tokenizer_config.json'): Promise<TextEncoder> {
  const folder = await newFolder()
  for (const name of ['vocab.json', 'merges.txt', 'config.json']) {
    await cp(join(fixtures, 'tiny-roberta', name), join(folder, name))
  }
  await writeFile(join(folder, file), JSON.stringify(settings))
  return loadTextEncoder(folder)
}

const WORDS = [
  '[PAD]',
  '[UNK]',
  '[CLS]',
  '[SEP]',
  '[MASK]',
  'a',
  'A',
  'e',
  'é',
  'café',
  'cafe',
  '你',
  '你好',
  '##好',
  '[X]',
]

async function bert(settings: object, words: readonly string[] = WORDS): Promise<TextEncoder> {
  const folder = await newFolder()
  await writeFile(join(folder, 'vocab.txt'), `${words.join('\r\n')}\r\n`)
  await writeFile(join(folder, 'config.json'), JSON.stringify({ model_type: 'bert', max_position_embeddings: 32 }))
  await writeFile(join(folder, 'tokenizer_config.json'), JSON.stringify(settings))
  return loadTextEncoder(folder)
}

function tokens(encoder: TextEncoder, text: string): (string | undefined)[] {
  return [...encoder.encodeTruncated(text, 99)].slice(1, -1).map((id) => WORDS[id])
}

describe('WordPiece', () => {
  test('lower case and bare letters by default', async () => {
    expect(tokens(await bert({}), 'A café')).toEqual(['a', 'cafe'])
  })

  test('case and accents are kept where do_lower_case is false', async () => {
    expect(tokens(await bert({ do_lower_case: false }), 'A café')).toEqual(['A', 'café'])
  })

  test('strip_accents decides whatever the case', async () => {
    expect(tokens(await bert({ do_lower_case: false, strip_accents: true }), 'A café')).toEqual(['A', 'cafe'])
    expect(tokens(await bert({ strip_accents: false }), 'A café')).toEqual(['a', 'café'])
  })

  test('CJK characters stand alone unless tokenize_chinese_chars is false', async () => {
    expect(tokens(await bert({}), '你好')).toEqual(['你', '[UNK]'])
    expect(tokens(await bert({ tokenize_chinese_chars: false }), '你好')).toEqual(['你好'])
  })

  test('tokens that tokenizer_config.json adds are found in the raw text, alone where they must be', async () => {
    const added = (details: object) => bert({ added_tokens_decoder: { 14: { content: '[X]', ...details } } })
    expect(tokens(await added({}), 'a[X]a')).toEqual(['a', '[X]', 'a'])
    expect(tokens(await added({ single_word: true }), 'a [X] a[X]')).toEqual([
      'a',
      '[X]',
      'a',
      '[UNK]',
      '[UNK]',
      '[UNK]',
    ])
  })

  test('special tokens may have other names', async () => {
    const encoder = await bert({ cls_token: '[X]', pad_token: { content: 'e' } })
    expect([...encoder.encodeTruncated('a', 9)]).toEqual([14, 5, 3])
    expect(encoder.padId).toBe(7)
  })
})

describe('byte-level BPE', () => {
  test('a space is put before the text where add_prefix_space says so, also before what follows a special token', async () => {
    const [plain, spaced] = [await roberta({}), await roberta({ add_prefix_space: true })]
    expect(plain.encode('a')).not.toEqual(plain.encode(' a'))
    expect(spaced.encode('a')).toEqual(plain.encode(' a'))
    expect(spaced.encode(' a')).toEqual(plain.encode(' a'))
    expect(spaced.encode('a</s>a')).toEqual(plain.encode(' a</s> a'))
  })

  test('a mask token may take the white space before it', async () => {
    // Ids by transformers 5.23.0 with this special_tokens_map.json.
    const mask = { content: '<mask>', single_word: false, lstrip: true, rstrip: false, normalized: false }
    const encoder = await roberta({ mask_token: mask }, 'special_tokens_map.json')
    expect([...encoder.encodeTruncated('a  <mask> b', 99)]).toEqual([0, 69, 4, 288, 2])
  })
})

test('another kind of tokenizer is left to the library', async () => {
  const folder = await newFolder()
  const definition = {
    added_tokens: [{ id: 1, content: '[UNK]', special: true }],
    normalizer: { type: 'Lowercase' },
    pre_tokenizer: { type: 'WhitespaceSplit' },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      vocab: { '[UNK]': 1, good: 2, '##ness': 3 },
    },
  }
  await writeFile(join(folder, 'tokenizer.json'), JSON.stringify(definition))
  await writeFile(join(folder, 'config.json'), JSON.stringify({ max_position_embeddings: 8 }))
  const encoder = await loadTextEncoder(folder)
  expect([...encoder.encodeTruncated('Goodness GOOD bad', 9)]).toEqual([2, 3, 2, 1])
})
