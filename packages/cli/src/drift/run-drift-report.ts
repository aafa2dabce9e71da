// `renown drift report`: the verdict with its evidence, and a suggestion where there is reason for one.
import { type DriftState, readDrift } from '@renown/server/drift'
import { CliError } from '../errors.ts'
import { EXIT_OK } from '../exit-codes.ts'
import { type Io, writeAll } from '../io.ts'
import { openNamedModel } from '../open-named-model.ts'
import { type ModelFlags, readModelSettings } from '../settings.ts'
import { describeDrift } from './describe-drift.ts'

export interface DriftFlags extends ModelFlags {
  readonly json?: boolean
}

export async function runDriftReport(io: Io, { json, ...flags }: DriftFlags): Promise<number> {
  const settings = await readModelSettings(io, flags)
  const folder = await openNamedModel(io, settings)
  const state = await readDrift(folder, settings.home, Date.now)
  if (state === null) {
    throw new CliError(
      'USAGE_INVALID',
      `the model "${folder.manifest.name}" has no reference profile: make one with renown evaluate --record`,
    )
  }
  await writeAll(io.stdout, json === true ? renderJson(state) : `${describeDrift(state, folder.manifest.name)}\n`)
  return EXIT_OK
}

function renderJson({ verdict, from, to, ...state }: DriftState): string {
  const { keepsTexts: _, waiting: _waiting, ...rest } = state
  const document = { ...rest, from: from.toISOString(), to: to.toISOString(), ...verdict }
  return `${JSON.stringify(document, null, 2)}\n`
}
