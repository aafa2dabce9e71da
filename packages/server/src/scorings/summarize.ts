// The running summary of a job, in the words of the contract.
import type { ScoredPost, ScoringSummary } from '@renown/contract'
import { createSummary, type LabelledPost } from '@renown/reputation'

const STRONGEST = 10

interface Post extends LabelledPost {
  readonly scored: ScoredPost
}

export interface RunningSummary {
  add(post: ScoredPost): void
  reject(): void
  result(): ScoringSummary
}

export function createRunningSummary(): RunningSummary {
  const summary = createSummary<Post>({ strongestPerLabel: STRONGEST })
  return {
    add(scored) {
      const date = scored.date === null ? null : new Date(scored.date)
      summary.add({ line: scored.line, text: scored.text, date, label: scored.label, score: scored.score, scored })
    },
    reject: () => summary.reject(),
    result() {
      const { tooFew, timeline, strongest, ...numbers } = summary.result()
      return {
        ...numbers,
        too_few: tooFew,
        timeline: timeline === null ? null : { unit: timeline.unit, buckets: [...timeline.buckets] },
        strongest: {
          negative: strongest.negative.map(toShown),
          neutral: strongest.neutral.map(toShown),
          positive: strongest.positive.map(toShown),
        },
      }
    },
  }
}

/** With the text as the summary keeps it: cut where it is very long. */
function toShown({ scored, text }: Post): ScoredPost {
  return { ...scored, text }
}
