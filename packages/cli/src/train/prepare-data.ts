// The posts of a training: loaded, split, looked over, and without leaks where that was asked for.
import { CliError } from '../errors.ts'
import type { DataRequest } from './data-request.ts'
import { type LoadedData, type LoadedSplit, type LoadedTrainSplit, loadData } from './load-data.ts'
import type { TrainingBase } from './open-base.ts'
import type { SourceContext } from './open-sources.ts'
import { takeValidation } from './take-validation.ts'

export interface PreparedData extends LoadedData {
  readonly validation: LoadedSplit
}

export interface DataOptions extends SourceContext {
  readonly say: (line: string) => void
}

/** Throws what loading throws, and DATA_ONE_CLASS where there is nothing to tell apart. */
export async function prepareData(
  request: DataRequest,
  base: TrainingBase,
  seed: number,
  options: DataOptions,
): Promise<PreparedData> {
  const loaded = await loadData(request, base.labels, options)
  for (const notice of loaded.notices) options.say(notice)
  const data = splitOff(loaded, request, seed)
  checkClasses(data)
  return data
}

function splitOff(loaded: LoadedData, { validation }: DataRequest, seed: number): PreparedData {
  if (loaded.validation !== null) return { ...loaded, validation: loaded.validation }
  if (validation.kind !== 'share') throw new CliError('DATA_EMPTY', 'there are no validation posts')
  return { ...loaded, ...takeValidation(loaded.train, validation, seed) }
}

/** A label without posts is told of; a single one teaches nothing. */
function checkClasses({ train, labels }: { train: readonly LoadedTrainSplit[]; labels: readonly string[] }): void {
  const found = new Set(train.flatMap(({ rows }) => rows.map(({ label }) => label)))
  const [only] = found
  if (only === undefined) throw new CliError('DATA_EMPTY', 'no training posts are left')
  if (found.size > 1) return
  throw new CliError(
    'DATA_ONE_CLASS',
    `all training posts have the label "${labels[only] ?? only}": expected at least two labels to tell apart`,
  )
}
