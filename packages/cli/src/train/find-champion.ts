// What a finished model is compared with: found before anything is trained.
import {
  CHAMPION,
  type GateModel,
  ModelsError,
  openRegistry,
  type PublishPlace,
  type ReferenceRole,
} from '@renown/models'
import { NO_MODEL, nameBest } from '../gate/name-best.ts'
import { note } from '../io.ts'
import { openNamedModel } from '../open-named-model.ts'
import type { TrainGate } from './plan-gate.ts'
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
  const { io, plan, home } = session
  const say = (line: string): void => note(io, line)
  const found = await findChampion(session, champion, target)
  const bestName = await nameBest({ home, champion: found?.reference, best: best ?? undefined, say })
  if (found === null) say('There is no champion to compare with: the base alone is the bar')
  if (base.labels === null) say('The base has no labels, so it is not compared with')
  return {
    ...(found === null ? {} : { champion: found }),
    ...(bestName === null ? {} : { best: await open(session, bestName) }),
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
