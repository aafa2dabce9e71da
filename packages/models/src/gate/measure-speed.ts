// How long two models take for a post, in turns, so that whatever else the machine does falls on both.
import { openPostScorer, type PostScorer } from '../evaluation/score-posts.ts'
import type { ModelFolder } from '../open-model-folder.ts'
import type { SpeedReport } from './gate-types.ts'
import { encodingOf } from './keep-predictions.ts'

export interface TimedFile {
  readonly folder: ModelFolder
  readonly file: string
}

export interface SpeedOptions {
  readonly threads: number
  readonly signal?: AbortSignal
  /** Milliseconds. */
  readonly clock: () => number
}

const ROUNDS = 15
const POSTS = 8

/** One post at a time, as requests come. The posts are taken evenly from the list. */
export async function measureSpeed(
  candidate: TimedFile,
  reference: TimedFile,
  texts: readonly string[],
  options: SpeedOptions,
): Promise<SpeedReport> {
  const posts = Array.from({ length: POSTS }, (_, index) => texts[Math.floor((index * texts.length) / POSTS)] ?? '')
  const scorers: PostScorer[] = []
  try {
    for (const { folder, file } of [candidate, reference]) {
      scorers.push(await openPostScorer(folder, { threads: options.threads, encoding: encodingOf(file), file }))
    }
    const [own, other] = scorers as [PostScorer, PostScorer]
    return await timeInTurns(own, other, posts, options)
  } finally {
    await Promise.all(scorers.map((scorer) => scorer.release()))
  }
}

async function timeInTurns(
  candidate: PostScorer,
  reference: PostScorer,
  posts: readonly string[],
  { clock, signal }: SpeedOptions,
): Promise<SpeedReport> {
  const time = async (scorer: PostScorer): Promise<number> => {
    const started = clock()
    for (const post of posts) await scorer.score([post])
    return (clock() - started) / posts.length
  }
  const rounds: { readonly candidate: number; readonly reference: number }[] = []
  // The first round warms both up and doesn't count.
  for (let round = 0; round <= ROUNDS; round++) {
    signal?.throwIfAborted()
    const own = round % 2 === 0 ? await time(candidate) : null
    const other = await time(reference)
    rounds.push({ candidate: own ?? (await time(candidate)), reference: other })
  }
  const counted = rounds.slice(1)
  return {
    candidate: median(counted.map((round) => round.candidate)),
    reference: median(counted.map((round) => round.reference)),
    ratio: median(counted.map((round) => round.candidate / round.reference)),
    rounds: counted.length,
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}
