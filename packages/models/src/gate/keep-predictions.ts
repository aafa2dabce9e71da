// What models answered, kept in the data folder: computed once for the same file of a model and the same posts.
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { dotProductsSaturate, RUNTIME_VERSION } from '@renown/ml'
import { openPostScorer, type PostLogits, type ScoringOptions } from '../evaluation/score-posts.ts'
import { QUANTIZED_ONNX_FILE } from '../loader-files.ts'
import type { ModelFolder } from '../open-model-folder.ts'
import { replaceFile } from '../replace-file.ts'
import { failRecording } from './gate-log.ts'
import { sha256 } from './select-rows.ts'

export interface KeptLogits {
  readonly encoding: string
  readonly logits: PostLogits
}

export interface PredictionOptions extends ScoringOptions {
  readonly home: string
  readonly threads: number
}

/** A megabyte each, for twelve thousand posts. */
const MOST_KEPT = 64

/** Logits of the texts by one file of a model, in the encoding that this machine would serve it in. */
export async function scoreOrRecall(
  folder: ModelFolder,
  file: string,
  texts: readonly string[],
  options: PredictionOptions,
): Promise<KeptLogits> {
  const store = join(options.home, 'gate', 'predictions')
  const path = join(store, `${await predictionKey(folder, file, texts)}.json`)
  const kept = parseKept(await readFile(path, 'utf8').catch(() => ''), texts.length, folder.manifest.labels.length)
  if (kept !== null) return kept
  const scorer = await openPostScorer(folder, { threads: options.threads, encoding: encodingOf(file), file })
  try {
    const found = { encoding: scorer.encoding, logits: await scorer.score(texts, options) }
    await keep(path, found).catch((cause: unknown) => failRecording(options.home, cause))
    return found
  } finally {
    await scorer.release()
  }
}

/** As `openPostScorer` takes it: 8-bit weights are held as suits the CPU. */
export function encodingOf(file: string): 'auto' | 'float32' {
  return file === QUANTIZED_ONNX_FILE ? 'auto' : 'float32'
}

/** Everything that the logits depend on; the temperature comes after them. */
async function predictionKey(folder: ModelFolder, file: string, texts: readonly string[]): Promise<string> {
  const { preparation, window = null } = folder.manifest
  const saturates = encodingOf(file) === 'auto' && (await dotProductsSaturate())
  const machine = [RUNTIME_VERSION, process.arch, saturates]
  return sha256(JSON.stringify([1, folder.hash, file, preparation, window, machine, sha256(JSON.stringify(texts))]))
}

/** Each post a list of windows, each window its tokens and its logits. */
function formatKept({ encoding, logits }: KeptLogits): string {
  const posts = logits.map((windows) => windows.map((window) => [window.tokens, ...window.logits]))
  return `${JSON.stringify({ encoding, posts })}\n`
}

/** Null for anything that isn't whole. */
function parseKept(text: string, posts: number, labels: number): KeptLogits | null {
  try {
    const kept = JSON.parse(text) as { encoding?: unknown; posts?: unknown }
    const isWhole = typeof kept.encoding === 'string' && Array.isArray(kept.posts) && kept.posts.length === posts
    if (!isWhole) return null
    const rows = kept.posts as readonly (readonly (readonly number[])[])[]
    const isSound = rows.every((windows) => windows.length > 0 && windows.every((window) => isWindow(window, labels)))
    if (!isSound) return null
    const logits = rows.map((windows) =>
      windows.map(([tokens = 0, ...values]) => ({ tokens, logits: Float32Array.from(values) })),
    )
    return { encoding: kept.encoding as string, logits }
  } catch {
    return null
  }
}

function isWindow(window: readonly number[], labels: number): boolean {
  return window.length === labels + 1 && window.every(Number.isFinite)
}

async function keep(path: string, found: KeptLogits): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await replaceFile(path, formatKept(found))
  await dropOldest(dirname(path))
}

async function dropOldest(store: string): Promise<void> {
  const names = (await readdir(store)).filter((name) => name.endsWith('.json'))
  if (names.length <= MOST_KEPT) return
  const aged = await Promise.all(
    names.map(async (name) => ({
      name,
      age: await stat(join(store, name)).then(
        (info) => info.mtimeMs,
        () => 0,
      ),
    })),
  )
  const oldest = aged.sort((a, b) => a.age - b.age).slice(0, names.length - MOST_KEPT)
  await Promise.all(oldest.map(({ name }) => rm(join(store, name), { force: true })))
}
