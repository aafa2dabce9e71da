// Whether the world or the reputation changed, and how good the model is today, in words.
import type { AccuracyEstimate, Drift } from '../api/types.ts'
import { formatCount, formatNoun, formatShare, formatShareRange } from '../format/number.ts'

/** A smaller reference is compared with nothing. */
const FEWEST_JUDGED = 250

const FEATURES: Readonly<Record<Drift['findings'][number]['feature'], string>> = {
  length: 'how long posts are',
  unknown: 'how much of them the model cannot read',
  pieces: 'how common their words are',
  script: 'their script',
  language: 'their language',
  confidence: 'how sure the model is',
  entropy: 'how torn the model is',
  novelty: 'how many of their words the measured posts did not have',
  words: 'which words they use',
}

const REASONS: Readonly<Record<Drift['retraining'][number], string>> = {
  world_changed: 'posts are far from those that the model was measured on',
  estimated_accuracy_fell: 'it is probably right less often than when it was measured',
  sampled_accuracy_fell: 'it is right less often about the posts that people labelled',
}

/** The verdict, said only as far as the posts carry it. */
export function describeVerdict({ watched, verdict, posts, reference }: Drift): string {
  if (!watched) return 'This model came without a reference profile, so nothing can be said of changes.'
  const read = formatNoun(posts, 'post')
  if (verdict === 'too_few' && reference !== null && reference.posts < FEWEST_JUDGED)
    return `The model was measured on ${formatNoun(reference.posts, 'post')} only: too few to compare with.`
  if (verdict === 'too_few') return `${read} of the last week: too few to tell whether anything changed.`
  if (verdict === 'stable') return `Nothing changed that these ${formatCount(posts)} posts could show.`
  if (verdict === 'news')
    return `The reputation changed, the kind of posts did not (${read}). That alone is no reason to train.`
  const other = `Posts are of another kind than those that the model was measured on (${read})`
  return verdict === 'drift' ? `${other}.` : `${other}, and the reputation changed too.`
}

/** Whether the difference is a new one, and what ends one that isn't; null where no week before tells. */
export function describeRecent({ verdict, recent }: Drift): string | null {
  if (recent === null || recent.verdict === 'too_few' || !verdict.startsWith('drift')) return null
  return recent.verdict.startsWith('drift')
    ? 'They were others a week ago.'
    : `They were like that a week ago already: what you read is simply not what the model was measured on. Measured on ${FEWEST_JUDGED} or more labelled posts of yours (renown evaluate --record), it is compared with those.`
}

/** What differs, worst first. */
export function describeFindings({ findings }: Drift): string | null {
  const found = findings.filter(({ severity }) => severity !== 'none')
  return found.length === 0 ? null : `What differs: ${found.map(({ feature }) => FEATURES[feature]).join(', ')}.`
}

/** "71% (66–76%)" */
export function describeAccuracy({ value, low, high }: AccuracyEstimate): string {
  return `${formatShare(value)} (${formatShareRange(low, high)})`
}

export function describeRetraining({ retraining }: Drift): string | null {
  if (retraining.length === 0) return null
  return `A training on newer posts may be worth it: ${retraining.map((reason) => REASONS[reason]).join('; ')}.`
}
