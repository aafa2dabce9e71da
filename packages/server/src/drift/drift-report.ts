// The verdict on what was scored of late, and how good the model is today, with the evidence.
import type { ProfileSource, StoredProfile } from '@renown/models/serving'
import {
  type DriftVerdict,
  type Estimate,
  estimateAccuracy,
  FEWEST_JUDGED,
  judgeDrift,
  type RetrainingReason,
  referenceAccuracy,
  referenceOfSketch,
  referencePosts,
  type Sketch,
  STRATA,
  sampledAccuracy,
  sketchPosts,
  stratumSizes,
  suggestRetraining,
} from '@renown/reputation'
import { type LabelSample, SAMPLE_DAYS } from './label-sample.ts'
import { HOUR_MS, type SketchStore } from './sketch-store.ts'

export interface ReferenceFacts extends ProfileSource {
  readonly posts: number
  readonly accuracy: number | null
}

export interface DriftState {
  /** Of the model. */
  readonly version: string
  readonly reference: ReferenceFacts
  readonly from: Date
  readonly to: Date
  /** Against the reference. */
  readonly verdict: DriftVerdict
  /** Against the week before, which tells a change of late from a world that was another one all along; null without it. */
  readonly recent: Pick<DriftVerdict, 'verdict' | 'severity'> | null
  /** By confidence; null with too few posts. */
  readonly estimated: Estimate | null
  /** By labels that people gave; null with too few. */
  readonly sampled: Estimate | null
  readonly labelled: number
  readonly waiting: number
  readonly keepsTexts: boolean
  readonly suggestion: readonly RetrainingReason[]
}

export interface Watched {
  readonly version: string
  readonly profile: StoredProfile
  readonly sketches: Pick<SketchStore, 'read'>
  readonly sample: Pick<LabelSample, 'counts' | 'isKept'>
}

const DAY_HOURS = 24
const WEEK_HOURS = 168

/** The last day is judged, or the last week where the day has too few posts; news by the week before. */
export async function reportDrift(watched: Watched, now: number): Promise<DriftState> {
  const { profile, sketches, sample } = watched
  const to = now + 1
  const day = await sketches.read(to - DAY_HOURS * HOUR_MS, to)
  const week = await sketches.read(to - WEEK_HOURS * HOUR_MS, to)
  const isDay = sketchPosts(day) >= FEWEST_JUDGED
  const from = to - (isDay ? DAY_HOURS : WEEK_HOURS) * HOUR_MS
  const live = isDay ? day : week
  const before = await sketches.read(from - WEEK_HOURS * HOUR_MS, Math.floor(from / HOUR_MS) * HOUR_MS)
  const verdict = judgeDrift(profile.reference, live, before)
  const recent = judgeRecent(profile, live, before)
  const accuracy = referenceAccuracy(profile.reference)
  const estimated = sketchPosts(live) < FEWEST_JUDGED ? null : estimateAccuracy(profile.reference, live)
  const { sampled, labelled, waiting } = await readSample(
    sample,
    await sketches.read(to - SAMPLE_DAYS * DAY_HOURS * HOUR_MS, to),
  )
  return {
    version: watched.version,
    reference: { ...profile.source, posts: referencePosts(profile.reference), accuracy },
    from: new Date(from),
    to: new Date(now),
    verdict,
    recent,
    estimated,
    sampled,
    labelled,
    waiting,
    keepsTexts: sample.isKept,
    suggestion: suggestRetraining({ verdict, referenceAccuracy: accuracy, estimated, sampled }),
  }
}

function judgeRecent({ reference }: StoredProfile, live: Sketch, before: Sketch): DriftState['recent'] {
  const { verdict, severity } = judgeDrift(referenceOfSketch(before, reference.known), live)
  return verdict === 'too_few' ? null : { verdict, severity }
}

async function readSample(
  sample: Watched['sample'],
  live: Sketch,
): Promise<Pick<DriftState, 'sampled' | 'labelled' | 'waiting'>> {
  const { counts, waiting } = await sample.counts()
  const labelled = STRATA.reduce((sum, name) => sum + counts[name].labelled, 0)
  return { sampled: sampledAccuracy(stratumSizes(live), counts), labelled, waiting }
}
