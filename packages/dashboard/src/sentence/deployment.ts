// What serves, why, and what comes next, in words.
import type { Challenger, Deployment, Registry, RegistryTask, ServedPeriod } from '../api/types.ts'
import { formatBytes, formatCount, formatNoun, formatShare, formatShareRange } from '../format/number.ts'

const STEPS: Readonly<Record<NonNullable<Deployment['loading']>['step'], string>> = {
  fetch: 'fetched',
  load: 'loaded',
  check: 'checked',
}

/** Fewer texts than that are counted, not turned into a share. */
const FEW = 20

/** How the version that serves came to be what is followed; null where the registry doesn't tell. */
export function findReason({ following, serving }: Deployment, registry: Registry | null): ServedPeriod | null {
  const current = registry?.aliases.find(({ alias }) => alias === following)?.current
  return current?.version === serving.reference ? current : null
}

/** "Promoted by ada: …" */
export function describeMove({ kind, who, reason }: Pick<ServedPeriod, 'kind' | 'who' | 'reason'>): string {
  return `${kind === 'promoted' ? 'Promoted' : 'Rolled back to'} by ${who}: “${reason}”`
}

export function describeLoading({ reference, step }: NonNullable<Deployment['loading']>): string {
  return `${reference} is being ${STEPS[step]}. What serves now goes on until it is ready.`
}

/** What the server follows, or that it follows nothing. */
export function describeFollowing({ following, serving }: Deployment): string {
  if (following === null) return `Nothing: it serves ${serving.reference} until it is started with another model.`
  const isHub = following.startsWith('hf:')
  return isHub ? `${following}, a repository of the Hub` : `${following}, an alias of the registry`
}

export function describeAgreement({ agreement, agreed, compared, share }: Challenger): string {
  const part = share >= 1 ? 'every post' : `${formatShare(share)} of the posts`
  if (agreement === null) return `It reads ${part} along, and has not read one yet.`
  if (compared < FEW) {
    return `It reads ${part} along. Of ${formatNoun(compared, 'post')} it labels ${formatCount(agreed)} the same: too few to tell.`
  }
  const range = formatShareRange(agreement.low, agreement.high)
  return `It reads ${part} along, and labels ${formatShare(agreement.value)} (${range}) of ${formatNoun(compared, 'post')} the same.`
}

/** What the latest task does or did; null where that is no news. */
export function describeTask(task: RegistryTask): string {
  const { kind, status, reference, progress, version, is_new: isNew, verification } = task
  const name = reference ?? ''
  if (kind === 'verify') {
    if (status === 'running') return 'The registry is being verified: every byte is read.'
    if (verification === null) return 'The registry could not be verified.'
    const wrong = verification.problems.length
    return wrong === 0
      ? 'The registry was verified, and is whole.'
      : `${formatNoun(wrong, 'thing')} in the registry is damaged.`
  }
  if (status === 'failed') return `${name} was not added.`
  if (status === 'done') return isNew === false ? `${name} was ${version} already.` : `${name} is ${version}.`
  if (progress === null) return `${name} is being added.`
  return `${name} is being added: ${formatBytes(progress.bytes)} of ${formatBytes(progress.total)}, ${progress.path}`
}
