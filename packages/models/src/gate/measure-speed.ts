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

const ROUNDS = 25
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

/**
 * Each post's time is the fastest of its rounds: a busy machine makes some rounds slower, and none faster. Who goes first
 * changes with every round, and the first round warms both up.
 */
export async function timeInTurns(
  candidate: Pick<PostScorer, 'score'>,
  reference: Pick<PostScorer, 'score'>,
  posts: readonly string[],
  { clock, signal }: Omit<SpeedOptions, 'threads'>,
): Promise<SpeedReport> {
  const fastest = { own: posts.map(() => Number.POSITIVE_INFINITY), other: posts.map(() => Number.POSITIVE_INFINITY) }
  const time = async (scorer: Pick<PostScorer, 'score'>, times: number[], counts: boolean): Promise<void> => {
    for (const [index, post] of posts.entries()) {
      const started = clock()
      await scorer.score([post])
      if (counts) times[index] = Math.min(times[index] ?? 0, clock() - started)
    }
  }
  for (let round = 0; round <= ROUNDS; round++) {
    signal?.throwIfAborted()
    const turns = [() => time(candidate, fastest.own, round > 0), () => time(reference, fastest.other, round > 0)]
    for (const turn of round % 2 === 0 ? turns : turns.reverse()) await turn()
  }
  const [own, other] = [mean(fastest.own), mean(fastest.other)]
  return { candidate: own, reference: other, ratio: own / other, rounds: ROUNDS }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
