// What is kept of one model: its reference profile, the sketches of what it scored, the texts to label.
import { join } from 'node:path'
import { type ModelFolder, openTokenCounter, readProfile, type StoredProfile } from '@renown/models/serving'
import { type Classification, observe } from '@renown/reputation'
import { createLabelSample, type LabelSample } from './label-sample.ts'
import { removeSamples } from './sample-files.ts'
import { createSketchStore, type SketchStore } from './sketch-store.ts'

export interface ModelWatch {
  readonly version: string
  readonly profile: StoredProfile
  readonly sketches: SketchStore
  readonly sample: LabelSample
  /** Counts a scored text. */
  take(text: string, answer: Classification, at: number): void
}

export interface WatchOptions {
  readonly home: string
  readonly keepTexts: boolean
  readonly now: () => number
  readonly random: () => number
}

/** Another profile means other counts: a model that was measured again begins anew. */
export function watchFolder(home: string, { hash, manifest }: ModelFolder): string {
  return join(home, 'drift', `${hash.slice(0, 12)}-${manifest.profile?.sha256.slice(0, 12) ?? 'none'}`)
}

/** null for a model without a reference profile. Throws what reading the profile and the tokenizer throws. */
export async function openModelWatch(folder: ModelFolder, options: WatchOptions): Promise<ModelWatch | null> {
  const profile = await readProfile(folder)
  if (profile === null) return null
  const countTokens = await openTokenCounter(folder)
  const place = watchFolder(options.home, folder)
  const { now, random } = options
  const sketches = createSketchStore(place, profile.reference)
  if (!options.keepTexts) await removeSamples(place)
  const sample = createLabelSample(place, { isKept: options.keepTexts, now, random })
  return {
    version: folder.manifest.version,
    profile,
    sketches,
    sample,
    take(text, answer, at) {
      const { label, score, scores } = answer
      sketches.add(at, observe({ text, label, scores, ...countTokens(text) }))
      sample.offer(text, label, score, at)
    },
  }
}
