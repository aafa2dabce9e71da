// Watches a model that has just begun to serve: errors, run times and confidence, against the model before it.
import { type ClassifyOutcome, isRefusal, type Sentiment, wilsonInterval } from '@renown/reputation'

export interface Guard {
  answered(outcomes: readonly ClassifyOutcome[]): void
  /** Texts that got no answer by the model's fault. */
  failed(texts: number): void
  ran(tokens: number, ms: number): void
  /** Another model serves from now on; what was seen until now is what it is compared with. */
  begin(): void
  /** Back to the model before: what was seen of the other one doesn't count. */
  end(): void
  /** Why the new model should not serve; null while nothing says so, or nothing is watched. */
  verdict(): string | null
}

/** A handful of requests says nothing. */
const LEAST_TEXTS = 200
const LEAST_ERRORS = 10
const LEAST_RUNS = 100
/** Beyond what chance explains, by so much the share of errors may grow. */
const ERROR_MARGIN = 0.01
/** A run over as many tokens may take so many times longer. */
const SLOWER = 3
/** The mean probability of the label may fall by so much. */
const CONFIDENCE_DROP = 0.15
/** One label for nearly everything, where it was not so before. */
const ONE_LABEL = { now: 0.98, before: 0.85 } as const
/** Of what was seen before, so much is kept: half of it, or all. */
const MEMORY_TEXTS = 4000

interface Seen {
  texts: number
  errors: number
  scores: number
  readonly labels: Record<Sentiment, number>
  /** By the power of two below the tokens: runs, and the sum of the logarithms of their times. */
  readonly runs: Map<number, { count: number; logs: number }>
}

export function createGuard(windowMs: number, now: () => number): Guard {
  let seen = nothing()
  let older = nothing()
  let before: Seen | null = null
  let since = 0
  function turn(): void {
    if (seen.texts + seen.errors < MEMORY_TEXTS) return
    if (before === null) older = seen
    if (before === null) seen = nothing()
  }
  return {
    answered(outcomes) {
      for (const outcome of outcomes) count(seen, outcome)
      turn()
    },
    failed(texts) {
      seen.errors += texts
    },
    ran(tokens, ms) {
      const size = Math.floor(Math.log2(Math.max(tokens, 1)))
      const runs = seen.runs.get(size) ?? { count: 0, logs: 0 }
      runs.count++
      runs.logs += Math.log(Math.max(ms, 0.01))
      seen.runs.set(size, runs)
    },
    begin() {
      if (windowMs === 0) return
      before = merge(older, seen)
      seen = nothing()
      older = nothing()
      since = now()
    },
    end() {
      if (before !== null) seen = before
      before = null
    },
    verdict() {
      if (before === null) return null
      const reason = judgeErrors(before, seen) ?? judgeTimes(before, seen) ?? judgeConfidence(before, seen)
      if (reason === null && now() - since > windowMs) before = null
      return reason
    },
  }
}

function nothing(): Seen {
  return { texts: 0, errors: 0, scores: 0, labels: { negative: 0, neutral: 0, positive: 0 }, runs: new Map() }
}

function count(seen: Seen, outcome: ClassifyOutcome): void {
  if (isRefusal(outcome)) {
    if (outcome.error.code !== 'TEXT_TOO_LONG') seen.errors++
    return
  }
  // A text that comes again and again says nothing new.
  if (outcome.cached) return
  seen.texts++
  seen.scores += outcome.score
  seen.labels[outcome.label]++
}

function merge(one: Seen, other: Seen): Seen {
  const both = nothing()
  for (const { texts, errors, scores, labels, runs } of [one, other]) {
    both.texts += texts
    both.errors += errors
    both.scores += scores
    for (const label of Object.keys(labels) as Sentiment[]) both.labels[label] += labels[label]
    for (const [size, { count, logs }] of runs) {
      const sum = both.runs.get(size) ?? { count: 0, logs: 0 }
      both.runs.set(size, { count: sum.count + count, logs: sum.logs + logs })
    }
  }
  return both
}

function judgeErrors(before: Seen, after: Seen): string | null {
  const total = after.texts + after.errors
  if (after.errors < LEAST_ERRORS) return null
  const known = before.texts + before.errors
  const usual = known < LEAST_TEXTS ? 0 : wilsonInterval(before.errors, known).high
  if (wilsonInterval(after.errors, total).low <= usual + ERROR_MARGIN) return null
  return `${after.errors} of ${total} texts failed, ${before.errors} of ${known} before`
}

/** Runs of like size are compared: with less traffic there are fewer tokens in one, and each takes longer. */
function judgeTimes(before: Seen, after: Seen): string | null {
  let runs = 0
  let logs = 0
  for (const [size, { count, logs: sum }] of after.runs) {
    const known = before.runs.get(size)
    if (known === undefined || known.count < LEAST_RUNS / 10) continue
    runs += count
    logs += sum - (count * known.logs) / known.count
  }
  const factor = Math.exp(logs / Math.max(runs, 1))
  if (runs < LEAST_RUNS || factor <= SLOWER) return null
  return `runs of the same size take ${factor.toFixed(1)} times as long as before`
}

function judgeConfidence(before: Seen, after: Seen): string | null {
  if (before.texts < LEAST_TEXTS || after.texts < LEAST_TEXTS) return null
  const [usual, mean] = [before.scores / before.texts, after.scores / after.texts]
  if (usual - mean > CONFIDENCE_DROP) {
    return `the mean confidence fell from ${usual.toFixed(2)} to ${mean.toFixed(2)}, over ${after.texts} texts`
  }
  for (const label of Object.keys(after.labels) as Sentiment[]) {
    const [was, is] = [before.labels[label] / before.texts, after.labels[label] / after.texts]
    if (is >= ONE_LABEL.now && was <= ONE_LABEL.before) {
      return `${percent(is)} of ${after.texts} texts are called ${label}, ${percent(was)} before`
    }
  }
  return null
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}
