// The configuration and the splits that are asked for, of those that there are.
import { ModelsError } from '../../errors.ts'
import type { ConfigPlan, SplitPlan } from './plan-splits.ts'

/** Throws DATASET_CONFIG_REQUIRED where there are several and none is named, DATASET_CONFIG_UNKNOWN. */
export function chooseConfig(configs: readonly ConfigPlan[], wanted: string | undefined, name: string): ConfigPlan {
  const names = configs.map((config) => config.name).join(', ')
  if (wanted !== undefined) {
    const found = configs.find((config) => config.name === wanted)
    if (found !== undefined) return found
    throw new ModelsError(
      'DATASET_CONFIG_UNKNOWN',
      `the data set ${name} has no configuration "${wanted}": expected one of ${names}`,
    )
  }
  const [only, ...others] = configs
  const chosen = others.length === 0 ? only : configs.find(({ isDefault }) => isDefault)
  if (chosen !== undefined) return chosen
  throw new ModelsError(
    'DATASET_CONFIG_REQUIRED',
    `the data set ${name} has several configurations: name one of ${names}`,
  )
}

/** All of them where none is named. Throws DATASET_SPLIT_UNKNOWN. */
export function chooseSplits(config: ConfigPlan, wanted: readonly string[] | undefined, name: string): SplitPlan[] {
  if (wanted === undefined) return [...config.splits]
  return wanted.map((split) => {
    const found = config.splits.find((plan) => plan.name === split)
    if (found !== undefined) return found
    throw new ModelsError(
      'DATASET_SPLIT_UNKNOWN',
      `${config.name} of the data set ${name} has no split "${split}": expected one of ${config.splits.map((plan) => plan.name).join(', ')}`,
    )
  })
}
