// Token ids equal transformers' on the golden fixtures, from every form a tokenizer comes in.
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { loadTextEncoder } from './text-encoder.ts'

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
})
