// From flags and recipe to what a training will do, refused here if anything about it can be.
import { parseTrainingArguments, type TrainingArguments } from '@renown/ml'
import { CliError } from '../errors.ts'
import { readPolicy } from '../gate/read-policy.ts'
import { type GivenValues, readText } from './given-values.ts'
import { isGated } from './plan-gate.ts'
import { readRecipe } from './read-recipe.ts'
import { givenFlags, type TrainFlagValues, withoutAliases } from './train-flags.ts'
import { mergeGiven, planRequest, type TrainRequest } from './train-request.ts'

export interface TrainPlan {
  readonly request: TrainRequest
  readonly settings: TrainingArguments
  readonly dryRun: boolean
  /** What was given, flags before recipe, for the lineage. */
  readonly given: GivenValues
}

/** Throws USAGE_INVALID, INPUT_NOT_FOUND (recipe or policy), GATE_POLICY_INVALID, ARGUMENTS_INVALID. */
export async function planTrain(flags: TrainFlagValues): Promise<TrainPlan> {
  const recipe = flags.recipe === undefined ? {} : await readRecipe(String(flags.recipe))
  const given = mergeGiven(withoutAliases(recipe), withoutAliases(givenFlags(flags)))
  const dryRun = flags.dryRun === true
  const { gate_policy: wish } = given
  const policy = await readPolicy(wish === undefined || !isGated(given) ? undefined : readText(wish), '--gate-policy')
  const request = planRequest(given, { dryRun, policy })
  const settings = parseTrainingArguments(request.arguments)
  checkTaught(request, settings)
  return { request, settings, dryRun, given }
}

/** Posts without labels need a teacher that counts. */
function checkTaught({ data }: TrainRequest, { distillationWeight }: TrainingArguments): void {
  const hasNone = data.unlabelled.length === 0 && data.augmentation === 0
  if (hasNone || distillationWeight > 0) return
  throw new CliError(
    'USAGE_INVALID',
    'distillation_weight is 0, and there are posts without labels to learn from: expected a weight above 0',
  )
}
