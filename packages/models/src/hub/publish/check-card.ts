// Whether a card says what the manifest says, so that nobody reads of figures that belong to other weights.
import { isDeepStrictEqual } from 'node:util'
import { parse } from 'yaml'
import { renderFrontMatter } from '../../card-front-matter.ts'
import { ModelsError } from '../../errors.ts'
import { QUANTIZED_ONNX_FILE, WEIGHT_FILES } from '../../loader-files.ts'
import type { ManifestEvaluation, ModelManifest } from '../../manifest.ts'
import { FRONT_MATTER } from '../../update-model-card.ts'

/** Weights in 32-bit floating point compute the same, whichever file they are read from. */
const FLOAT_FILES: readonly string[] = WEIGHT_FILES.filter((name) => name !== QUANTIZED_ONNX_FILE)
const SAID_BY_MANIFEST = ['license', 'base_model', 'model-index'] as const

/** Throws PUBLISH_REFUSED. */
export function checkCard(manifest: ModelManifest, card: string): void {
  if (manifest.license === 'unknown') refuse('its licence is unknown: name it with --license where the model is made')
  checkEvaluations(manifest)
  const said = readFrontMatter(card)
  const meant = parse(FRONT_MATTER.exec(renderFrontMatter(manifest))?.[1] ?? '') as Record<string, unknown>
  for (const field of SAID_BY_MANIFEST) {
    if (isDeepStrictEqual(said[field], meant[field])) continue
    const got = said[field] === undefined ? 'is missing' : "isn't what renown.json says"
    refuse(`${field} at the top of its README.md ${got}: renew the card with renown evaluate --record`)
  }
}

function checkEvaluations(manifest: ModelManifest): void {
  for (const evaluation of manifest.evaluations) checkEvaluation(evaluation, manifest)
  for (const group of [[QUANTIZED_ONNX_FILE], FLOAT_FILES]) {
    const served = group.find((name) => Object.hasOwn(manifest.files, name))
    if (served !== undefined && !isMeasured(group, manifest.evaluations)) {
      refuse(`no evaluation of ${served} is recorded: measure it with renown evaluate --record`)
    }
  }
}

function checkEvaluation({ file, fileSha256, metrics }: ManifestEvaluation, { files }: ModelManifest): void {
  const record = files[file]
  if (record === undefined) refuse(`it has figures of ${file}, which it doesn't list`)
  if (fileSha256 !== undefined && fileSha256 !== record.sha256) refuse(`its figures of ${file} are of another file`)
  for (const [name, { value, low = value, high = value }] of Object.entries(metrics)) {
    if (low > value || value > high) refuse(`${name} of ${file} is outside its own interval`)
  }
}

function isMeasured(group: readonly string[], evaluations: readonly ManifestEvaluation[]): boolean {
  return evaluations.some(({ file }) => group.includes(file))
}

function readFrontMatter(card: string): Record<string, unknown> {
  const front = FRONT_MATTER.exec(card)?.[1]
  if (front === undefined) refuse('its README.md has no front matter')
  try {
    const fields: unknown = parse(front)
    if (typeof fields === 'object' && fields !== null && !Array.isArray(fields))
      return fields as Record<string, unknown>
  } catch (cause) {
    refuse(`the front matter of its README.md is no YAML: ${(cause as Error).message.split('\n')[0]}`)
  }
  refuse('the front matter of its README.md: expected names and values')
}

function refuse(why: string): never {
  throw new ModelsError('PUBLISH_REFUSED', `the model can't be published: ${why}`)
}
