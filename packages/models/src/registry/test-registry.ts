// What the tests of the registry share.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hashFile } from '../hash-file.ts'
import type { ModelManifest } from '../manifest.ts'
import { copyModelFolder, readJson, writeManifest } from '../test-fixtures.ts'

export const BY = { who: 'ada', why: 'a test' } as const

/** The BERT fixture in a variant of its own: one tokenizer file differs, the others are the same. */
export async function modelVariant(version: string): Promise<string> {
  const folder = await copyModelFolder()
  const manifest = (await readJson(join(folder, 'renown.json'))) as unknown as ModelManifest
  await writeFile(join(folder, 'tokenizer_config.json'), JSON.stringify({ variant: version }))
  const record = await hashFile(join(folder, 'tokenizer_config.json'))
  await writeManifest(folder, { ...manifest, version, files: { ...manifest.files, 'tokenizer_config.json': record } })
  return folder
}
