// Loads a model folder for serving: workers and tokenizer at the same time, warmed up when it returns.
import { loadTextEncoder, type TextEncoder } from '@renown/ml/posts'
import { chooseModelFile, type ModelFolder, type ModelManifest, TOKENIZER_FILES } from '@renown/models/serving'
import { AnswerCache } from './answer-cache.ts'
import { checkAnswers } from './check-answers.ts'
import { Deployment } from './deployment.ts'
import { Dispatcher } from './dispatcher.ts'
import { DrainRate } from './drain-rate.ts'
import { EngineError } from './errors.ts'
import type { Notify } from './observer.ts'
import type { EngineSettings } from './options.ts'
import { placeLabels } from './sentiment-labels.ts'
import type { ServedModel } from './served-model.ts'
import { locateEntry } from './worker/locate-entry.ts'
import type { ReadyReply } from './worker/protocol.ts'

export interface LoadOptions {
  /** The model that serves meanwhile, which is disturbed as little as can be. */
  readonly beside: Deployment | null
  /** It is loaded, and its answers are compared. */
  readonly onCheck?: (() => void) | undefined
}

/** Throws MODEL_LOAD_FAILED, LABELS_UNSUPPORTED, ANSWERS_DIFFER; no worker is left behind then. */
export async function loadDeployment(
  folder: ModelFolder,
  settings: EngineSettings,
  notify: Notify,
  { beside, onCheck }: LoadOptions,
): Promise<Deployment> {
  let deployment: Deployment | null = null
  const file = tryLoad(folder, () => chooseFile(folder, settings))
  const rate = new DrainRate(settings.workers)
  const dispatcher = new Dispatcher(planDispatcher(folder, file, settings, beside !== null), rate, {
    scored: (part, logits) => deployment?.scored(part, logits),
    unscorable: (task, reason) => deployment?.unscorable(task, reason),
    ran: (report) => deployment?.ran(report),
    lost: (reason) => deployment?.lost(reason),
  })
  // On a machine that others keep busy it would take for ever.
  const impatience = setTimeout(() => dispatcher.hurry(), GENTLE_MS)
  try {
    const [reply, encoder] = await Promise.all([dispatcher.open(), chooseEncoder(folder, settings, beside)])
    const places = placeLabels(reply.labels, folder.manifest.labels)
    const model = describeModel(folder, file, reply, encoder.window)
    const key = toKey(folder, model)
    const cache = chooseCache(key, settings, beside)
    deployment = new Deployment(
      { model, manifest: folder.manifest, encoder, places, cache, key },
      dispatcher,
      rate,
      settings,
      notify,
    )
    onCheck?.()
    if (settings.checkAnswers) await checkAnswers(deployment)
    return deployment
  } catch (cause) {
    await dispatcher.close()
    throw toLoadError(folder, cause)
  } finally {
    clearTimeout(impatience)
  }
}

/** How long loading beside another model may take its time. */
const GENTLE_MS = 10_000

/** Best first. A quantised file is half the work; weights run packed, a float ONNX file runs as it is. */
const FILES = ['onnx/model_quantized.onnx', 'model.safetensors', 'model.safetensors.index.json', 'pytorch_model.bin']

/** Only files that the manifest lists, whose hashes are known. */
function chooseFile({ manifest }: ModelFolder, settings: EngineSettings): string {
  const order = settings.encoding === 'float32' ? FILES.slice(1) : FILES
  return chooseModelFile(manifest.files, settings.file ?? order.find((file) => Object.hasOwn(manifest.files, file)))
}

function planDispatcher(folder: ModelFolder, file: string, settings: EngineSettings, isGentle: boolean) {
  const { threads, encoding, workers, batchTokens, runTimeoutMs, background } = settings
  const urgency = background ? ('background' as const) : ('normal' as const)
  const worker = { folder: folder.path, file, threads, encoding, urgency }
  return {
    entry: locateEntry(settings.workerEntry),
    worker,
    workers,
    batchTokens,
    runTimeoutMs,
    isGentle: isGentle && !background,
  }
}

/** Reading a tokenizer keeps the main thread busy for a tenth of a second: the same one is not read again. */
async function chooseEncoder(
  folder: ModelFolder,
  settings: EngineSettings,
  beside: Deployment | null,
): Promise<TextEncoder> {
  if (beside !== null && hasSameTokenizer(folder.manifest, beside.parts.manifest)) return beside.parts.encoder
  return await loadTextEncoder(folder.path, { maxTextChars: settings.maxTextChars, ...optionalWindow(folder) })
}

const ENCODER_FILES = ['config.json', ...TOKENIZER_FILES]

function hasSameTokenizer(one: ModelManifest, other: ModelManifest): boolean {
  const hashes = ({ files, window }: ModelManifest): string =>
    JSON.stringify([window, ENCODER_FILES.map((name) => files[name]?.sha256)])
  return hashes(one) === hashes(other)
}

/** What the same model answered stays known; answers of another one don't count. */
function chooseCache(
  key: string,
  { cacheEntries, cacheBytes }: EngineSettings,
  beside: Deployment | null,
): AnswerCache {
  return beside?.parts.key === key ? beside.parts.cache : new AnswerCache(cacheEntries, cacheBytes)
}

function toKey(folder: ModelFolder, model: ServedModel): string {
  const { version, preparation, temperature, window } = folder.manifest
  return JSON.stringify([folder.hash, version, preparation, temperature, window, model.file])
}

function optionalWindow({ manifest }: ModelFolder): { readonly window?: number } {
  return manifest.window === undefined ? {} : { window: manifest.window }
}

function describeModel(folder: ModelFolder, file: string, reply: ReadyReply, window: number): ServedModel {
  const { name, version, temperature } = folder.manifest
  const { labels, encoding } = reply
  return { name, version, hash: folder.hash, labels, encoding, window, temperature, loadedAt: new Date(), file }
}

function tryLoad<T>(folder: ModelFolder, load: () => T): T {
  try {
    return load()
  } catch (cause) {
    throw toLoadError(folder, cause)
  }
}

function toLoadError(folder: ModelFolder, cause: unknown): EngineError {
  if (cause instanceof EngineError && cause.code !== 'MODEL_LOAD_FAILED') return cause
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new EngineError('MODEL_LOAD_FAILED', `${folder.manifest.name} could not be loaded: ${reason}`, { cause })
}
