// Adds an evaluation to a model folder, and what its files answer: to renown.json first, then to the card.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ReferenceProfile } from '@renown/reputation'
import { recordAnswers } from './answers/record-answers.ts'
import { ModelsError } from './errors.ts'
import { hashFile } from './hash-file.ts'
import { CARD_FILE, MANIFEST_FILE, type ManifestEvaluation, type ModelManifest, parseManifest } from './manifest.ts'
import { readManifestJson } from './open-model-folder.ts'
import { sourceOf, writeProfile } from './profile/profile-file.ts'
import { isVersionFolder } from './registry/registry-paths.ts'
import { renderModelCard } from './render-model-card.ts'
import { replaceFile } from './replace-file.ts'
import { updateModelCard } from './update-model-card.ts'

/**
 * Replaces an earlier evaluation of the same file, encoding, data set and split. Fields of renown.json that this version
 * doesn't know stay. `reference`, if given, becomes the model's reference profile. Throws EVALUATION_REFUSED where the
 * folder has no renown.json or is a version of the registry, or where the evaluated file is not the one that it lists.
 */
export async function recordEvaluation(
  folder: string,
  evaluation: ManifestEvaluation,
  reference: ReferenceProfile | null = null,
): Promise<ModelManifest> {
  if (isVersionFolder(folder)) {
    throw new ModelsError(
      'EVALUATION_REFUSED',
      `"${folder}" is a version of the registry, which never changes: record in the folder that it was added from, and add that`,
    )
  }
  const json = await readManifestJson(folder).catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause
    throw new ModelsError(
      'EVALUATION_REFUSED',
      `"${folder}" has no ${MANIFEST_FILE} to record in: make a model folder of it first with \`renown export\``,
      { cause },
    )
  })
  const before = parseManifest(json)
  const sha256 = await checkEvaluated(folder, before, evaluation.file)
  const evaluations = mergeEvaluation(before.evaluations, { ...evaluation, fileSha256: sha256 })
  const answers = await recordAnswers({ path: folder, manifest: before })
  const profile =
    reference === null ? before.profile : await writeProfile(folder, { source: sourceOf(evaluation), reference })
  const document = {
    ...(json as Record<string, unknown>),
    evaluations,
    answers,
    ...(profile === undefined ? {} : { profile }),
  }
  const after = parseManifest(document)
  const card = await readFile(join(folder, CARD_FILE), 'utf8').catch(() => null)
  const renewed = card === null ? renderModelCard(after) : updateModelCard(card, after)
  // The manifest goes first: should the process die between the two, the card is old, and the folder still whole.
  await replaceFile(join(folder, MANIFEST_FILE), `${JSON.stringify(document, null, 2)}\n`)
  await replaceFile(join(folder, CARD_FILE), renewed)
  return after
}

async function checkEvaluated(folder: string, manifest: ModelManifest, file: string): Promise<string> {
  const listed = manifest.files[file]
  if (listed === undefined) {
    throw new ModelsError('EVALUATION_REFUSED', `${MANIFEST_FILE} doesn't list "${file}": its scores can't be recorded`)
  }
  const found = await hashFile(join(folder, file))
  if (found.sha256 === listed.sha256) return found.sha256
  throw new ModelsError(
    'EVALUATION_REFUSED',
    `${file} is not the file that ${MANIFEST_FILE} describes: expected SHA-256 ${listed.sha256}, got ${found.sha256}`,
  )
}

/** The list with the new evaluation in the place of an older one of the same kind, or at its end. */
export function mergeEvaluation(
  evaluations: readonly ManifestEvaluation[],
  added: ManifestEvaluation,
): readonly ManifestEvaluation[] {
  const at = evaluations.findIndex((known) => evaluationKey(known) === evaluationKey(added))
  return at === -1 ? [...evaluations, added] : evaluations.with(at, added)
}

function evaluationKey(evaluation: ManifestEvaluation): string {
  return JSON.stringify([evaluation.file, evaluation.encoding ?? null, evaluation.dataSet, evaluation.split])
}
