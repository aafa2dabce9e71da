// What the tests of publishing share: a small model folder with a true card, and a stand-in that may be written to.
import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hashFile } from '../../hash-file.ts'
import type { ModelManifest } from '../../manifest.ts'
import { type ModelFolder, openModelFolder } from '../../open-model-folder.ts'
import { renderModelCard } from '../../render-model-card.ts'
import { copyModelFolder, EVALUATION, MANIFEST } from '../../test-fixtures.ts'
import { openTestHub, someBytes, type TestHub, TOKEN } from '../test-hub.ts'
import type { StandInOptions } from '../testing/hub-stand-in.ts'

export const NAME = 'someone/mood'

const LISTED = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'vocab.txt', 'model.safetensors'] as const

/** A Hub whose `someone` holds the token, which the client has. */
export async function openWritableHub(options: StandInOptions = {}): Promise<TestHub> {
  return await openTestHub({ token: TOKEN, ...options }, { HF_TOKEN: TOKEN })
}

/** The tiny BERT with an evaluation and a card. */
export async function makeModel(changes: Partial<ModelManifest> = {}): Promise<ModelFolder> {
  const path = await copyModelFolder()
  await describeFiles(path, changes)
  return await openModelFolder(path)
}

/** Writes manifest and card anew for the files as they are now. */
export async function describeFiles(path: string, changes: Partial<ModelManifest> = {}): Promise<void> {
  const names = [...LISTED, ...Object.keys(changes.files ?? {})]
  const files = Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await hashFile(join(path, name))] as const)),
  )
  const manifest: ModelManifest = { ...MANIFEST, evaluations: [EVALUATION], ...changes, files }
  await writeFile(join(path, 'renown.json'), JSON.stringify(manifest))
  await writeFile(join(path, 'README.md'), renderModelCard(manifest))
}

/** The same model with other weights, as the next version. */
export async function makeNext(model: ModelFolder, version: string): Promise<ModelFolder> {
  await writeFile(join(model.path, 'vocab.txt'), `[PAD]\n[UNK]\n${version}\n`)
  await describeFiles(model.path, { version })
  return await openModelFolder(model.path)
}

/** Adds a file of bytes of chance to the model. */
export async function addLarge(model: ModelFolder, name: string, bytes: number): Promise<ModelFolder> {
  await mkdir(join(model.path, 'extra'), { recursive: true })
  await writeFile(join(model.path, name), bytes > 1_000_000 ? randomBytes(bytes) : someBytes(bytes))
  await describeFiles(model.path, { files: { [name]: { sha256: '', bytes: 0 } } })
  return await openModelFolder(model.path)
}
