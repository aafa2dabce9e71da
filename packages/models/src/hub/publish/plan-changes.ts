// The difference between a model folder and what the repository holds.

import { CONFIG_FILE, TOKENIZER_FILES } from '../../loader-files.ts'
import { CARD_FILE, MANIFEST_FILE, SIGNATURE_FILE } from '../../manifest.ts'
import type { RepositoryFile } from '../list-files.ts'
import { isSameContent, type LocalFile } from './publishable-files.ts'

export type ChangeKind = 'added' | 'changed' | 'removed' | 'unchanged'

export interface PublishChange {
  readonly kind: ChangeKind
  readonly path: string
  /** Of the new file; of the old one where it is removed. */
  readonly bytes: number
}

const BY_NAME: readonly string[] = [CARD_FILE, MANIFEST_FILE, SIGNATURE_FILE, CONFIG_FILE, ...TOKENIZER_FILES]
const WEIGHTS =
  /^(model[^/]*\.safetensors(\.index\.json)?|pytorch_model[^/]*\.bin(\.index\.json)?|onnx\/[^/]+\.onnx(_data)?)$/

/**
 * In the order of paths. Files of an earlier model that a loader would pick up are removed; others that people have put
 * into the repository stay, and are not listed.
 */
export async function planChanges(
  local: readonly LocalFile[],
  remote: readonly RepositoryFile[],
): Promise<PublishChange[]> {
  const known = new Map(remote.map((file) => [file.path, file]))
  const own = new Set(local.map(({ path }) => path))
  const kept = await Promise.all(local.map((file) => compare(file, known.get(file.path))))
  const removed = remote.filter(({ path }) => !own.has(path) && isOfModel(path))
  const gone = removed.map(({ path, size }) => ({ kind: 'removed', path, bytes: size }) as const)
  return [...kept, ...gone].sort((a, b) => (a.path < b.path ? -1 : 1))
}

async function compare(local: LocalFile, remote: RepositoryFile | undefined): Promise<PublishChange> {
  const { path, size: bytes } = local
  if (remote === undefined) return { kind: 'added', path, bytes }
  return { kind: (await isSameContent(local, remote)) ? 'unchanged' : 'changed', path, bytes }
}

function isOfModel(path: string): boolean {
  return BY_NAME.includes(path) || WEIGHTS.test(path)
}

export function isUnchanged(changes: readonly PublishChange[]): boolean {
  return changes.every(({ kind }) => kind === 'unchanged')
}
