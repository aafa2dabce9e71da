// What each served file of a model folder answers to the canary texts.
import { availableParallelism } from 'node:os'
import { ModelsError } from '../errors.ts'
import { postProbabilities } from '../evaluation/evaluate-posts.ts'
import { type ScoredFolder, scorePosts } from '../evaluation/score-posts.ts'
import { QUANTIZED_ONNX_FILE, WEIGHT_FILES } from '../loader-files.ts'
import type { ModelManifest } from '../manifest.ts'
import { CANARY_TEXTS } from './canary-texts.ts'
import { type FileAnswers, type RecordedAnswers, renderProbabilities } from './recorded-answers.ts'

export interface AnsweringFolder extends ScoredFolder {
  readonly manifest: ScoredFolder['manifest'] & Pick<ModelManifest, 'temperature'>
}

interface RecordOptions {
  readonly signal?: AbortSignal
  readonly onStep?: (step: string) => void
}

/**
 * Of the quantised file and of the weights in 32 bits, whichever are there. Throws EXPORT_REFUSED for a model whose
 * answers aren't numbers, the signal's reason, and what scoring throws.
 */
export async function recordAnswers(folder: AnsweringFolder, options: RecordOptions = {}): Promise<RecordedAnswers> {
  const files: FileAnswers[] = []
  for (const file of filesToRecord(Object.keys(folder.manifest.files))) {
    options.signal?.throwIfAborted()
    options.onStep?.(`answers of ${file}`)
    files.push(await answersOf(folder, file, options.signal))
  }
  return { texts: CANARY_TEXTS, files }
}

async function answersOf(folder: AnsweringFolder, file: string, signal: AbortSignal | undefined): Promise<FileAnswers> {
  const scored = await scorePosts(folder, CANARY_TEXTS, {
    file,
    encoding: file === QUANTIZED_ONNX_FILE ? 'auto' : 'float32',
    threads: availableParallelism(),
    ...(signal === undefined ? {} : { signal }),
  })
  const probabilities = postProbabilities(scored.logits, folder.manifest.temperature)
  if (!probabilities.flat().every(Number.isFinite)) {
    throw new ModelsError('EXPORT_REFUSED', `${file} answers something that is not a number: its weights are damaged`)
  }
  return { file, encoding: scored.encoding, probabilities: probabilities.map(renderProbabilities) }
}

/** `onnx/model.onnx` holds the numbers of the checkpoint: only where there is none is it served. */
function filesToRecord(names: readonly string[]): readonly string[] {
  const quantized = names.includes(QUANTIZED_ONNX_FILE) ? [QUANTIZED_ONNX_FILE] : []
  const wide = WEIGHT_FILES.find((name) => name !== QUANTIZED_ONNX_FILE && names.includes(name))
  return wide === undefined ? quantized : [...quantized, wide]
}
