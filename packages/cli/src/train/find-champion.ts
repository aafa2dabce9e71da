// What a finished model is compared with: found before anything is trained.
import { type GateModel, ModelsError, openRegistry, type PublishPlace, type ReferenceRole } from '@renown/models'
import { note } from '../io.ts'
import { openNamedModel } from '../open-named-model.ts'
import { NO_MODEL, type TrainGate } from './plan-gate.ts'
import type { PreparedRun } from './prepare-run.ts'
import type { TrainSession } from './train-session.ts'

export type References = Readonly<Partial<Record<ReferenceRole, GateModel>>>

/** Throws what opening the models throws. */
export async function findReferences(
  session: TrainSession,
  { champion, best }: TrainGate,
  { base }: PreparedRun,
  target: PublishPlace | null,
): Promise<References> {
  const { io, plan } = session
  const found = await findChampion(session, champion, target)
  if (found === null) note(io, 'There is no champion to compare with: the base alone is the bar')
  if (base.labels === null) note(io, 'The base has no labels, so it is not compared with')
  return {
    ...(found === null ? {} : { champion: found }),
    ...(best === null || best === NO_MODEL ? {} : { best: await open(session, best) }),
    ...(base.labels === null ? {} : { base: { reference: plan.request.base, folder: base.folder } }),
  }
}

async function findChampion(
  session: TrainSession,
  wanted: string | null,
  target: PublishPlace | null,
): Promise<GateModel | null> {
  if (wanted !== null) return wanted === NO_MODEL ? null : await open(session, wanted)
  if (target !== null) return await findPublished(session, target)
  const champion = (await openRegistry(session.home).list()).find(({ aliases }) => aliases.includes(CHAMPION))
  return champion === undefined ? null : await open(session, CHAMPION)
}

const CHAMPION = 'champion'

/** What `main` has now; a repository without a model has no champion. */
async function findPublished(session: TrainSession, { name, commit }: PublishPlace): Promise<GateModel | null> {
  if (commit === null) return null
  try {
    return await open(session, `hf:${name}@${commit}`)
  } catch (error) {
    if (error instanceof ModelsError && error.code === 'MODEL_FILE_MISSING') return null
    throw error
  }
}

async function open({ io, home, signal }: TrainSession, reference: string): Promise<GateModel> {
  return { reference, folder: await openNamedModel(io, { model: reference, home, signal }) }
}
