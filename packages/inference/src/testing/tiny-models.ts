// The two tiny models of packages/ml/fixtures, with what PyTorch says of their texts.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { loadTextEncoder, softmax } from '@renown/ml'
import { type ModelFolder, openModelFolder } from '@renown/models'
import type { SentimentScores } from '@renown/reputation'

export type TinyName = 'tiny-bert' | 'tiny-roberta'

interface Golden {
  readonly texts: readonly string[]
  readonly logits: readonly (readonly number[])[]
}

function locate(name: TinyName): string {
  return fileURLToPath(new URL(`../../../ml/fixtures/${name}`, import.meta.url))
}

export function openTiny(name: TinyName): Promise<ModelFolder> {
  return openModelFolder(locate(name))
}

/** PyTorch's logits for the fixture's texts, the ones that fit in one window. */
export function readGolden(name: TinyName): { readonly text: string; readonly logits: readonly number[] }[] {
  const golden = JSON.parse(readFileSync(`${locate(name)}/golden.json`, 'utf8')) as Golden
  const pairs = golden.texts.map((text, index) => ({ text, logits: golden.logits[index]! }))
  return pairs.filter(({ text }) => text.length < 100)
}

export function toScores(logits: readonly number[], temperature = 1): SentimentScores {
  const [negative, neutral, positive] = softmax(Float32Array.from(logits), temperature) as [number, number, number]
  return { negative, neutral, positive }
}

/** The id of a word that is one token of the tiny BERT. */
export async function idOf(word: string): Promise<number> {
  const encoder = await loadTextEncoder(locate('tiny-bert'))
  const [ids] = encoder.encode(word).windows
  if (ids === undefined || ids.length !== 3) throw new Error(`"${word}": expected one token, got ${ids?.length}`)
  return ids[1]!
}
