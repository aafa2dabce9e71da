// Whether a model can be compared with a candidate: it must have the same labels, in whatever order.
import type { ModelManifest } from '../manifest.ts'
import type { ReferenceRole } from './gate-types.ts'
import { refuse } from './select-rows.ts'

/** For each label of the candidate its place among the reference's labels; null where the sets differ. */
export function matchLabels(candidate: readonly string[], reference: readonly string[]): readonly number[] | null {
  const places = new Map(reference.map((label, index) => [normalise(label), index]))
  const order = candidate.map((label) => places.get(normalise(label)) ?? -1)
  return reference.length === candidate.length && !order.includes(-1) ? order : null
}

/**
 * An untouched base often has other labels, or none, and is left out then: the reason why. For the others that is an
 * error: throws GATE_REFUSED.
 */
export function explainMismatch(role: ReferenceRole, candidate: ModelManifest, reference: ModelManifest): string {
  const reason = `${reference.name} has the labels ${reference.labels.join(', ')}, the candidate ${candidate.labels.join(', ')}`
  if (role === 'base') return reason
  throw refuse(`${reason}: ${role} and candidate answer different questions`)
}

function normalise(label: string): string {
  return label.trim().toLowerCase()
}
