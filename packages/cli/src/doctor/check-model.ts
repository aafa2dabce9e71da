// Checks of what inference needs: onnxruntime, the model's files, an answer.
import { formatBytes } from '../format/numbers.ts'
import type { ModelSettings } from '../settings.ts'
import { type Check, fail, pass, warn } from './check.ts'

/** Everything is imported here and now: a library that can't be loaded is a finding. */
export async function checkRuntime(): Promise<Check> {
  try {
    const { dotProductsSaturate } = await import('@renown/ml')
    if (await dotProductsSaturate()) {
      return warn(
        'onnxruntime',
        '8-bit products saturate on this processor: unsigned weights are used, at about half the speed',
      )
    }
    return pass('onnxruntime', '8-bit products are exact on this processor: signed weights are used, the fast way')
  } catch (error) {
    return fail('onnxruntime', `it can't be loaded: ${(error as Error).message}`)
  }
}

/** The model's hashes, and one text scored from end to end. */
export async function checkModel(settings: ModelSettings): Promise<readonly Check[]> {
  const { resolveModel } = await import('@renown/models')
  const folder = await resolveModel(settings.model, { home: settings.home }).catch((error: Error) => error)
  if (folder instanceof Error) return [fail('Model', folder.message)]
  const { manifest } = folder
  const bytes = Object.values(manifest.files).reduce((sum, file) => sum + file.bytes, 0)
  const hashes = folder.derived ? 'no renown.json, so no hashes to compare' : 'every file matches its hash'
  const found = pass(
    'Model',
    `${manifest.name} ${manifest.version} (${settings.model}), ${formatBytes(bytes)}: ${hashes}`,
  )
  return [found, await checkAnswer(folder, settings)]
}

type Folder = Parameters<typeof import('@renown/inference')['startEngine']>[0]

async function checkAnswer(folder: Folder, settings: ModelSettings): Promise<Check> {
  const started = performance.now()
  try {
    const { startEngine } = await import('@renown/inference')
    const engine = await startEngine(folder, settings.engine)
    try {
      const ready = performance.now()
      const [answer] = await engine.classify(['The delivery was late again.'])
      if (answer === undefined || 'error' in answer) throw new Error(answer?.error.message ?? 'no answer came')
      const { file, encoding } = engine.model()
      const times = `ready in ${Math.round(ready - started)} ms, one text in ${(performance.now() - ready).toFixed(1)} ms`
      return pass('Answer', `${file} with ${encoding} weights: ${times}`)
    } finally {
      await engine.close()
    }
  } catch (error) {
    return fail('Answer', `the model doesn't answer: ${(error as Error).message}`)
  }
}
