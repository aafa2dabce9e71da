// Whether a candidate was trained on rows that it is judged on.
import { findLeaks, gateSplit } from '@renown/ml'
import type { ModelManifest, TrainingDataSet } from '../manifest.ts'
import { formatCount } from '../report/format.ts'
import type { GatePosts, GateRule, TrainingRowsReport } from './gate-types.ts'
import type { GatePolicy } from './policy.ts'
import { takeRows } from './select-rows.ts'

export interface TrainingRowsResult {
  /** The rows that are judged on. */
  readonly posts: GatePosts
  readonly rule: GateRule
  readonly report: TrainingRowsReport
}

/**
 * By the texts where they are at hand: rows that equal or nearly equal one of them are left out, and too many of them
 * fail. Otherwise by the hashes of the files that the manifest records. Either way a gate split that the recipe says was
 * held out is no part of the training.
 */
export function checkTrainingRows(
  posts: GatePosts,
  manifest: ModelManifest,
  policy: GatePolicy,
  trainingTexts?: readonly string[],
): TrainingRowsResult {
  if (trainingTexts === undefined) return byHashes(posts, manifest, policy)
  return byTexts(posts, isHeldOut(manifest, policy) ? leaveGateOut(trainingTexts, policy) : trainingTexts, policy)
}

function leaveGateOut(texts: readonly string[], policy: GatePolicy): readonly string[] {
  const { rest } = gateSplit(texts, { share: policy.gate_share, seed: policy.gate_seed })
  return Array.from(rest, (row) => texts[row] ?? '')
}

function byTexts(posts: GatePosts, trainingTexts: readonly string[], policy: GatePolicy): TrainingRowsResult {
  const leaking = new Set(findLeaks(posts.texts, trainingTexts).leaks.map(({ row }) => row))
  const share = leaking.size / posts.texts.length
  const allowed = policy.leaked_share / 100
  const isFew = share <= allowed
  const kept = [...posts.texts.keys()].filter((row) => !leaking.has(row))
  const found = `${formatCount(leaking.size)} of ${formatCount(posts.texts.length)} rows equal or resemble one of ${formatCount(trainingTexts.length)} training rows`
  const consequence = isFew ? (leaking.size === 0 ? '' : '; they are left out') : `; ${percent(allowed)} are allowed`
  return {
    posts: isFew && leaking.size > 0 ? takeRows(posts, kept) : posts,
    rule: makeRule(isFew ? 'pass' : 'fail', `${found}${consequence}`, { measured: share, allowed }),
    report: { by: 'texts', leaked: leaking.size },
  }
}

function byHashes(posts: GatePosts, manifest: ModelManifest, policy: GatePolicy): TrainingRowsResult {
  const recorded = manifest.training?.data.filter(({ sha256 }) => sha256 !== undefined) ?? []
  if (recorded.length === 0) {
    const sentence = 'the manifest records no hash of training data, and no training file was named: it is not known'
    return { posts, rule: makeRule('skipped', sentence), report: { by: 'nothing', leaked: 0 } }
  }
  const same = recorded.find(({ sha256 }) => sha256 === posts.sha256)
  const report = {
    by: 'hashes' as const,
    leaked: same === undefined || isHeldOut(manifest, policy) ? 0 : posts.texts.length,
  }
  return { posts, rule: hashRule(same, manifest, policy), report }
}

function hashRule(same: TrainingDataSet | undefined, manifest: ModelManifest, policy: GatePolicy): GateRule {
  if (same === undefined) {
    return makeRule(
      'pass',
      'the file is none of those that the manifest records for the training; rows were not compared',
    )
  }
  const name = `${same.name}${same.split === undefined ? '' : `, ${same.split}`}`
  if (isHeldOut(manifest, policy)) {
    return makeRule('pass', `the file is ${name} of the training, which held the gate split out`)
  }
  const hint =
    policy.split === 'gate'
      ? `its recipe does not record that the gate split (gate_share ${policy.gate_share}, gate_seed ${policy.gate_seed}) was held out`
      : 'it would be judged on what it learnt from, or was chosen by'
  return makeRule('fail', `the candidate was trained with this file (${name}); ${hint}`)
}

/** The recipe records a gate split that was held out of the training file: the same one. */
function isHeldOut({ training }: ModelManifest, policy: GatePolicy): boolean {
  const { gate_share, gate_seed } = training?.recipe ?? {}
  return policy.split === 'gate' && gate_share === policy.gate_share && gate_seed === policy.gate_seed
}

function makeRule(
  status: GateRule['status'],
  sentence: string,
  numbers: { measured: number; allowed: number } | null = null,
): GateRule {
  return {
    rule: 'training-rows',
    subject: 'evaluation rows',
    status,
    measured: numbers?.measured ?? null,
    bound: null,
    allowed: numbers?.allowed ?? null,
    unit: 'share',
    sentence,
  }
}

function percent(share: number): string {
  return `${Number((100 * share).toFixed(2))} %`
}
