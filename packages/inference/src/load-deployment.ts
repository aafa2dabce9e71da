// Loads a model folder for serving: workers and tokenizer at the same time, warmed up when it returns.
import { loadTextEncoder } from '@renown/ml'
import { chooseModelFile, type ModelFolder } from '@renown/models'
import type { AnswerCache } from './answer-cache.ts'
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

/** Throws MODEL_LOAD_FAILED, LABELS_UNSUPPORTED; no worker is left behind then. */
export async function loadDeployment(
  folder: ModelFolder,
  settings: EngineSettings,
  notify: Notify,
  chooseCache: (model: ServedModel) => AnswerCache,
): Promise<Deployment> {
  const start = performance.now()
  let deployment: Deployment | null = null
  const file = tryLoad(folder, () => chooseFile(folder, settings))
  const rate = new DrainRate(settings.workers)
  const dispatcher = new Dispatcher(planDispatcher(folder, file, settings), rate, {
    scored: (part, logits) => deployment?.scored(part, logits),
    unscorable: (task, reason) => deployment?.unscorable(task, reason),
    ran: (report) => deployment?.ran(report),
    lost: (reason) => deployment?.lost(reason),
  })
  try {
    const options = { maxTextChars: settings.maxTextChars, ...optionalWindow(folder) }
    const [reply, encoder] = await Promise.all([dispatcher.open(), loadTextEncoder(folder.path, options)])
    const places = placeLabels(reply.labels, folder.manifest.labels)
    const model = describeModel(folder, file, reply, encoder.window)
    const parts = { model, manifest: folder.manifest, encoder, places, cache: chooseCache(model) }
    deployment = new Deployment(parts, dispatcher, rate, settings, notify)
    notify.loaded(model, performance.now() - start)
    return deployment
  } catch (cause) {
    await dispatcher.close()
    throw toLoadError(folder, cause)
  }
}

/** Best first. A quantised file is half the work; weights run packed, a float ONNX file runs as it is. */
const FILES = ['onnx/model_quantized.onnx', 'model.safetensors', 'model.safetensors.index.json', 'pytorch_model.bin']

/** Only files that the manifest lists, whose hashes are known. */
function chooseFile({ manifest }: ModelFolder, settings: EngineSettings): string {
  const order = settings.encoding === 'float32' ? FILES.slice(1) : FILES
  return chooseModelFile(manifest.files, settings.file ?? order.find((file) => Object.hasOwn(manifest.files, file)))
}

function planDispatcher(folder: ModelFolder, file: string, settings: EngineSettings) {
  const { threads, encoding, workers, batchTokens, runTimeoutMs } = settings
  const worker = { folder: folder.path, file, threads, encoding }
  return { entry: locateEntry(settings.workerEntry), worker, workers, batchTokens, runTimeoutMs }
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
