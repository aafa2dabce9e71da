// What a finished training is judged by, and which posts are held out of it for that.
import type { GatePolicy } from '@renown/models'
import { CliError } from '../errors.ts'
import { type GivenValues, readNumber, readSwitch, readText } from './given-values.ts'

/** The gate split: the same posts that `renown gate` takes with this share and seed. */
export interface HoldOut {
  readonly share: number
  readonly seed: number
}

export interface TrainGate {
  readonly policy: GatePolicy
  /** A model, or `none`; null: what the run finds. */
  readonly champion: string | null
  readonly best: string | null
}

const GATE_WISHES = ['gate_policy', 'gate_file', 'champion', 'best'] as const

/** By default what is published is judged. */
export function isGated({ gate, push_to_hub }: GivenValues): boolean {
  if (gate !== undefined) return readSwitch(gate)
  return push_to_hub !== undefined && readSwitch(push_to_hub)
}

/** Null where nothing is judged. Throws USAGE_INVALID on wishes that nothing would come of. */
export function planGate(given: GivenValues, policy: GatePolicy): TrainGate | null {
  if (!isGated(given)) {
    const useless = GATE_WISHES.map((name) => given[name]).find((wish) => wish !== undefined)
    if (useless === undefined || given.gate !== undefined) return null
    throw new CliError('USAGE_INVALID', `${useless.where}: expected --gate or --push-to-hub beside it`)
  }
  const { champion, best, gate_file } = given
  const holdOut = planHoldOut(given, policy)
  if (gate_file === undefined) checkRows(given, policy, holdOut)
  return {
    policy: holdOut === null ? policy : { ...policy, gate_share: holdOut.share, gate_seed: holdOut.seed },
    champion: champion === undefined ? null : readText(champion),
    best: best === undefined ? null : readText(best),
  }
}

/** Of the posts that a run has anyway: are there those that the policy names? */
function checkRows({ gate_share }: GivenValues, { split }: GatePolicy, holdOut: HoldOut | null): void {
  if (split === 'all') {
    throw new CliError('USAGE_INVALID', 'the policy judges on all rows of a file: name it with --gate-file')
  }
  if (split !== 'gate' || holdOut !== null) return
  throw new CliError(
    'USAGE_INVALID',
    `${gate_share?.where}: nothing is held out, and the policy judges on the gate split: expected --gate-file, or another split in the policy`,
  )
}

/**
 * What was asked for; where the run is judged on the gate split, that split of the policy; otherwise nothing. A share of 0
 * holds nothing out. Throws USAGE_INVALID.
 */
export function planHoldOut(given: GivenValues, policy: GatePolicy): HoldOut | null {
  const { gate_share, gate_seed } = given
  const isNeeded = isGated(given) && policy.split === 'gate'
  if (gate_share === undefined && !isNeeded) {
    if (gate_seed === undefined) return null
    throw new CliError('USAGE_INVALID', `${gate_seed.where}: expected --gate-share beside it`)
  }
  const share =
    gate_share === undefined
      ? policy.gate_share
      : readNumber(gate_share, 'a share from 0 (none) to below 1', { least: 0, below: 1 })
  const seed =
    gate_seed === undefined
      ? policy.gate_seed
      : readNumber(gate_seed, 'a whole number from 0', { integer: true, least: 0, most: 2 ** 32 })
  return share === 0 ? null : { share, seed }
}
