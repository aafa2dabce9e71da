// What a model folder says about its tokenizer: the definition that tokenizer.json holds, or one built from bare vocabulary files.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MlError } from '../errors.ts'
import { asRecord, type JsonRecord, parseJson } from './json-values.ts'
import { byteLevelDefinition, wordPieceDefinition } from './vocabulary-definition.ts'

export interface TokenizerFiles {
  /** The content of tokenizer.json, or its equivalent. */
  readonly definition: JsonRecord
  /** tokenizer_config.json over special_tokens_map.json; empty where neither exists. */
  readonly settings: JsonRecord
  /** config.json; empty where it does not exist. */
  readonly model: JsonRecord
}

/**
 * Reads the tokenizer of a model folder: tokenizer.json where it exists, otherwise vocab.json + merges.txt (byte-level
 * BPE), otherwise vocab.txt (WordPiece). Throws MlError TOKENIZER_INVALID on a folder with none of them.
 */
export async function readTokenizerFiles(folder: string): Promise<TokenizerFiles> {
  const [settings, specials, model] = await Promise.all([
    readJsonFile(folder, 'tokenizer_config.json'),
    readJsonFile(folder, 'special_tokens_map.json'),
    readJsonFile(folder, 'config.json'),
  ])
  const merged = { ...specials, ...settings }
  const definition = (await readJsonFile(folder, 'tokenizer.json')) ?? (await buildDefinition(folder, merged))
  return { definition, settings: merged, model: model ?? {} }
}

async function buildDefinition(folder: string, settings: JsonRecord): Promise<JsonRecord> {
  const vocabulary = await readJsonFile(folder, 'vocab.json')
  const merges = await readText(folder, 'merges.txt')
  if (vocabulary && merges !== undefined) return byteLevelDefinition(vocabulary, merges, settings)
  const lines = await readText(folder, 'vocab.txt')
  if (lines !== undefined) return wordPieceDefinition(lines, settings)
  throw new MlError(
    'TOKENIZER_INVALID',
    `No tokenizer in ${folder}: expected tokenizer.json, or vocab.json with merges.txt, or vocab.txt`,
  )
}

async function readJsonFile(folder: string, name: string): Promise<JsonRecord | undefined> {
  const text = await readText(folder, name)
  return text === undefined ? undefined : asRecord(parseJson(text, name), name)
}

async function readText(folder: string, name: string): Promise<string | undefined> {
  try {
    return (await readFile(join(folder, name), 'utf8')).replace(/^\uFEFF/, '')
  } catch (error) {
    if (isMissing(error)) return undefined
    throw new MlError('TOKENIZER_INVALID', `Cannot read ${name} in ${folder}: ${describe(error)}`, { cause: error })
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
