// Errors that say nothing about a model: it is tried again at the next look.
import { codeOf } from '../errors.ts'

const PASSING: ReadonlySet<string> = new Set(['DISK_FULL', 'REGISTRY_UNUSABLE', 'CLOSED', 'VERSION_PRUNED'])

/** The network, the disk, or an error of the system that no code of ours explains. */
export function isPassing(error: unknown): boolean {
  const code = codeOf(error)
  return code.startsWith('HUB_') || PASSING.has(code) || (error instanceof Error && 'syscall' in error)
}
