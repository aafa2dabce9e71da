// Everything a scored file says, gathered post by post: counts, split, net sentiment, timeline, strongest posts.
import { type Change, compareHalves, findStandout, type Standout } from './change.ts'
import type { NetSentiment, SentimentSplit } from './net-sentiment.ts'
import { netSentiment, sentimentSplit } from './net-sentiment.ts'
import { FEW_POSTS } from './sample-size.ts'
import { emptyCounts, totalOf } from './sentiment.ts'
import type { LabelledPost, StrongestPosts } from './strongest.ts'
import { createStrongest } from './strongest.ts'
import type { TimelineResult } from './timeline.ts'
import { createTimeline } from './timeline.ts'

export interface ScoringSummary<Post extends LabelledPost = LabelledPost> {
  /** Scored and rejected together. */
  readonly rows: number
  readonly scored: number
  readonly rejected: number
  /** Fewer than 20 posts are scored: their counts say more than any percentage. */
  readonly tooFew: boolean
  readonly split: SentimentSplit
  readonly net: NetSentiment | null
  /** null where no post has a date. */
  readonly timeline: TimelineResult | null
  /** Scored posts that are not on the timeline. */
  readonly undated: number
  /** The earlier half of the timeline against the later one; null where either has fewer than 20 posts. */
  readonly change: Change | null
  /** The bucket that lies apart from all others; null where none does for sure. */
  readonly standout: Standout | null
  readonly strongest: StrongestPosts<Post>
}

export interface Summary<Post extends LabelledPost = LabelledPost> {
  add(post: Post): void
  reject(rows?: number): void
  /** May be asked for at any time, also while posts still come in. */
  result(): ScoringSummary<Post>
}

/** Memory is bounded, however many posts come. */
export function createSummary<Post extends LabelledPost = LabelledPost>(
  options: { readonly strongestPerLabel?: number } = {},
): Summary<Post> {
  const counts = emptyCounts()
  const timeline = createTimeline()
  const strongest = createStrongest<Post>(options.strongestPerLabel ?? 10)
  let rejected = 0
  return {
    add(post) {
      counts[post.label]++
      timeline.add(post.date, post.label)
      strongest.add(post)
    },
    reject(rows = 1) {
      rejected += rows
    },
    result() {
      const scored = totalOf(counts)
      const course = timeline.buckets()
      return {
        rows: scored + rejected,
        scored,
        rejected,
        tooFew: scored < FEW_POSTS,
        split: sentimentSplit(counts),
        net: netSentiment(counts),
        timeline: course,
        undated: timeline.undated(),
        change: course && compareHalves(course),
        standout: course && findStandout(course),
        strongest: strongest.result(),
      }
    },
  }
}
