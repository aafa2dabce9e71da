// Renews the measured part of a model card and leaves what people wrote around it.
import { parseDocument } from 'yaml'
import { modelIndex, renderFrontMatter } from './card-front-matter.ts'
import { MEASURED_END, MEASURED_START, renderMeasured } from './card-measured.ts'
import { ModelsError } from './errors.ts'
import type { ModelManifest } from './manifest.ts'

export const FRONT_MATTER: RegExp = /^---\r?\n([\s\S]*?)\r?\n---\r?\n/

/** The card with the manifest's evaluations in its `model-index` and in its measured section. Throws MANIFEST_INVALID. */
export function updateModelCard(card: string, manifest: ModelManifest): string {
  const front = FRONT_MATTER.exec(card)
  const head = front === null ? `${renderFrontMatter(manifest)}\n` : renewFrontMatter(front[1] ?? '', manifest)
  return `${head}${renewMeasured(card.slice(front?.[0].length ?? 0), renderMeasured(manifest))}`
}

function renewFrontMatter(yaml: string, manifest: ModelManifest): string {
  const document = parseDocument(yaml)
  const error = document.errors[0]
  if (error !== undefined) {
    throw new ModelsError('MANIFEST_INVALID', `README.md: expected YAML at its top: ${error.message}`, { cause: error })
  }
  document.set('model-index', document.createNode(modelIndex(manifest), { aliasDuplicateObjects: false }))
  return `---\n${document.toString({ lineWidth: 0 })}---\n`
}

function renewMeasured(body: string, measured: string): string {
  const start = body.indexOf(MEASURED_START)
  const end = body.indexOf(MEASURED_END)
  if (start === -1 || end < start) return `${body.trimEnd()}\n\n${measured}\n`
  return body.slice(0, start) + measured + body.slice(end + MEASURED_END.length)
}
