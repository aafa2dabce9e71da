// Posts that are made of the words of the others, as one more source of the training.
import { createHash } from 'node:crypto'
import { augmentPosts } from '@renown/ml'
import { formatCount } from '../format/numbers.ts'
import type { LoadedTrainSplit } from './load-data.ts'

const MADE_SEED = 42

/** The same ones for every seed of a run, so that teachers score them once. */
export function makePosts(
  sources: readonly LoadedTrainSplit[],
  factor: number,
  say: (line: string) => void,
): readonly LoadedTrainSplit[] {
  const posts = sources.flatMap(({ rows }) => rows.map(({ text }) => text))
  const count = Math.round(factor * posts.length)
  if (count === 0) return []
  const texts = augmentPosts(posts, { count, seed: MADE_SEED })
  if (texts.length < count) {
    say(`${formatCount(texts.length)} posts were made, ${formatCount(count)} asked for: too few words in common`)
  }
  if (texts.length === 0) return []
  return [
    {
      name: 'augmentation',
      splitName: 'all',
      config: null,
      revision: null,
      sha256: createHash('sha256').update(JSON.stringify(texts)).digest('hex'),
      rows: texts.map((text, row) => ({ text, label: -1, place: { file: 'augmentation', row } })),
      weight: 1,
    },
  ]
}
