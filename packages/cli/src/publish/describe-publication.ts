// What was published, or would be, for people.
import type { Publication } from '@renown/models'
import { formatBytes } from '../format/numbers.ts'
import { formatTable } from '../format/table.ts'

export function describePublication(publication: Publication, { isDry }: { readonly isDry: boolean }): string {
  const { page, isNew, isPrivate, changes } = publication
  const state = [isNew ? 'new' : '', isPrivate ? 'private' : 'public'].filter((word) => word !== '').join(', ')
  const rows = changes.map(({ kind, path, bytes }) => [kind, path, formatBytes(bytes)])
  const outcome = isDry ? describePlan(publication) : describeOutcome(publication)
  return `${page} (${state})\n\n${formatTable(['', 'file', 'size'], rows)}\n\n${outcome}`
}

function describePlan({ isNew, changes, tag, hadTag }: Publication): string {
  const isSame = changes.every(({ kind }) => kind === 'unchanged')
  const steps = [
    isNew ? 'the repository would be made' : '',
    isSame ? 'main would stay as it is' : 'main would get one commit',
    tag !== null && !hadTag ? `it would be tagged ${tag}` : '',
  ]
  return `Dry run, nothing was changed: ${steps.filter((step) => step !== '').join(', ')}.`
}

function describeOutcome({ name, isCommitted, commit, tag, hadTag }: Publication): string {
  const done = isCommitted
    ? `Published as commit ${commit}`
    : `Nothing differs from commit ${commit}, so nothing was sent`
  const tagged = tag === null ? '' : hadTag ? `; the tag ${tag} was there` : `; tagged ${tag}`
  return `${done}${tagged}.\nUse it as hf:${name}${tag === null ? '' : `@${tag}`}`
}
