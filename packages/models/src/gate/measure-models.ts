// Every model of a gate on its rows: the candidate's files, and of each reference the one that it serves.
import { evaluate } from '@renown/ml'
import { ModelsError } from '../errors.ts'
import { postProbabilities } from '../evaluation/evaluate-posts.ts'
import { chooseModelFile } from '../loader-files.ts'
import type { ModelFolder } from '../open-model-folder.ts'
import { type Answers, mainReference } from './evidence.ts'
import {
  type GateModel,
  type GatePosts,
  type GateRequest,
  type MeasuredModel,
  REFERENCE_ROLES,
  type ReferenceRole,
} from './gate-types.ts'
import { scoreOrRecall } from './keep-predictions.ts'
import { explainMismatch, matchLabels } from './match-reference.ts'

export interface PlannedReference {
  readonly role: ReferenceRole
  readonly model: GateModel
  /** The place of each of the candidate's labels among its own. */
  readonly order: readonly number[] | null
  readonly skipped: string | null
}

export function planReferences({ candidate, references }: GateRequest): readonly PlannedReference[] {
  const { manifest } = candidate.folder
  return REFERENCE_ROLES.flatMap((role) => {
    const model = references[role]
    if (model === undefined) return []
    const order = matchLabels(manifest.labels, model.folder.manifest.labels)
    const skipped = order === null ? explainMismatch(role, manifest, model.folder.manifest) : null
    return [{ role, model, order, skipped }]
  })
}

export interface MeasuredFile {
  readonly folder: ModelFolder
  readonly answers: Answers
  readonly model: MeasuredModel
}

export interface Measured {
  /** The file that is served first. */
  readonly candidate: readonly MeasuredFile[]
  readonly references: Readonly<Partial<Record<ReferenceRole, MeasuredFile>>>
  readonly main: ReferenceRole | null
}

/** One after another, so that they don't take each other's cores. */
export async function measureAll(
  request: GateRequest,
  planned: readonly PlannedReference[],
  posts: GatePosts,
): Promise<Measured> {
  const { folder } = request.candidate
  const candidate: MeasuredFile[] = []
  for (const file of servedFiles(folder))
    candidate.push(await measureFile(request, 'candidate', folder, file, null, posts))
  const references: Partial<Record<ReferenceRole, MeasuredFile>> = {}
  for (const { role, model, order } of planned) {
    if (order === null) continue
    const file = chooseModelFile(model.folder.manifest.files)
    references[role] = await measureFile(request, role, model.folder, file, order, posts)
  }
  return { candidate, references, main: mainReference(references) }
}

/** What Renown serves by default, and what it serves where 32 bits are asked for. */
function servedFiles({ manifest }: ModelFolder): readonly string[] {
  const served = chooseModelFile(manifest.files)
  try {
    return [...new Set([served, chooseModelFile(manifest.files, undefined, 'float32')])]
  } catch (error) {
    if (error instanceof ModelsError && error.code === 'MODEL_FILE_MISSING') return [served]
    throw error
  }
}

async function measureFile(
  request: GateRequest,
  role: MeasuredModel['role'],
  folder: ModelFolder,
  file: string,
  order: readonly number[] | null,
  posts: GatePosts,
): Promise<MeasuredFile> {
  const { labels } = request.candidate.folder.manifest
  const { home, threads, signal, policy } = request
  const step = `Scoring with ${role}, ${file}`
  request.onProgress?.(step, 0)
  const { encoding, logits } = await scoreOrRecall(folder, file, posts.texts, {
    home,
    threads,
    ...(signal === undefined ? {} : { signal }),
    onProgress: (_, share) => request.onProgress?.(step, share),
  })
  const probabilities = postProbabilities(logits, folder.manifest.temperature).map((row) =>
    order === null ? row : order.map((place) => row[place] ?? 0),
  )
  const found = evaluate(posts.classes, probabilities, labels, { seed: policy.seed })
  const recalls = found.perClass.map(({ recall }) => recall)
  const [low, high] = found.intervals.macroRecall
  const [accuracyLow, accuracyHigh] = found.intervals.accuracy
  return {
    folder,
    answers: {
      file,
      encoding,
      predictions: probabilities.map((row) => row.indexOf(Math.max(...row))),
      confidences: probabilities.map((row) => Math.max(...row)),
      ece: found.ece,
      recalls,
      macroRecallLow: low,
    },
    model: {
      role,
      file,
      encoding,
      bytes: folder.manifest.files[file]?.bytes ?? 0,
      macroRecall: { value: found.macroRecall, low, high },
      accuracy: { value: found.accuracy, low: accuracyLow, high: accuracyHigh },
      ece: found.ece,
      recalls,
    },
  }
}
