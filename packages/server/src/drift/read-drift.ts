// The verdict on what servers that share a data folder have scored, read from their files.
import { type ModelFolder, readProfile } from '@renown/models/serving'
import { type DriftState, reportDrift } from './drift-report.ts'
import { createLabelSample } from './label-sample.ts'
import { watchFolder } from './model-watch.ts'
import { createSketchStore } from './sketch-store.ts'

export type { DriftState } from './drift-report.ts'

/** null for a model without a reference profile. Running servers write every minute. Throws what `readProfile` throws. */
export async function readDrift(folder: ModelFolder, home: string, now: () => number): Promise<DriftState | null> {
  const profile = await readProfile(folder)
  if (profile === null) return null
  const place = watchFolder(home, folder)
  const sketches = createSketchStore(place, profile.reference)
  const sample = createLabelSample(place, { isKept: true, now, random: Math.random })
  return await reportDrift({ version: folder.manifest.version, profile, sketches, sample }, now())
}
