// The model card.
import type { ModelManifest } from './manifest.ts'

/** README.md of a model folder, made from its manifest. */
export function renderModelCard(manifest: ModelManifest): string {
  return `# ${manifest.name}\n`
}
