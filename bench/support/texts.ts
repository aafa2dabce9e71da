// The texts that are sent: the TweetEval test split, each text once.
import { readFileSync } from 'node:fs'
import { testData } from './folders.ts'
import { seededRandom } from './statistics.ts'

export interface LabelledText {
  readonly text: string
  readonly label: string
}

const SPLIT = 'data/tweeteval-sentiment/test.jsonl'

export function testSplitPath(): string {
  return testData(SPLIT)
}

/** All rows in file order, repeated texts included. */
export function readTestSplit(): LabelledText[] {
  return readFileSync(testSplitPath(), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as LabelledText)
}

/** Each text once, in file order. */
export function distinctTexts(): string[] {
  return [...new Set(readTestSplit().map(({ text }) => text))]
}

export function shuffle<T>(items: readonly T[], seed: number): T[] {
  const shuffled = [...items]
  const random = seededRandom(seed)
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    ;[shuffled[i], shuffled[j]] = [shuffled[j] as T, shuffled[i] as T]
  }
  return shuffled
}
