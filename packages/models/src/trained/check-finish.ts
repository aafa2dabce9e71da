// Refuses what can't be finished before any work is done.
import { realpath } from 'node:fs/promises'
import { relative, resolve, sep } from 'node:path'
import { ModelsError } from '../errors.ts'
import type { ModelFolder } from '../open-model-folder.ts'
import type { FinishOptions, LabelledSplit } from './finish-types.ts'

/** Throws EXPORT_REFUSED and EVALUATION_REFUSED. */
export async function checkFinish(source: ModelFolder, options: FinishOptions): Promise<void> {
  await checkPlace(source.path, options.output)
  for (const split of [options.validation, options.test]) {
    if (split !== undefined) checkSplit(split, source.manifest.labels)
  }
}

/** Replacing the folder that the weights are in would delete the checkpoints around them. */
async function checkPlace(source: string, output: string): Promise<void> {
  const place = await realpath(output).catch(() => resolve(output))
  const way = relative(place, await realpath(source))
  if (way === '..' || way.startsWith(`..${sep}`) || resolve(way) === way) return
  throw new ModelsError(
    'EXPORT_REFUSED',
    `"${output}" holds the weights that the model is made of ("${source}"); expected another folder`,
  )
}

function checkSplit(split: LabelledSplit, labels: readonly string[]): void {
  const { texts, classes, rows } = split
  if (texts.length === 0) refuse(split, 'at least one labelled post', 'none')
  if (classes.length !== texts.length) refuse(split, `${texts.length} classes`, String(classes.length))
  if (rows !== undefined && rows.length !== texts.length) refuse(split, `${texts.length} rows`, String(rows.length))
  if (!/^[0-9a-f]{64}$/.test(split.sha256)) refuse(split, 'a SHA-256 in hex digits', `"${split.sha256}"`)
  const outside = classes.findIndex((value) => !Number.isInteger(value) || value < 0 || value >= labels.length)
  if (outside !== -1) {
    refuse(split, `a class from 0 to ${labels.length - 1}`, `${classes[outside]} (post ${outside})`)
  }
}

function refuse(split: LabelledSplit, expected: string, got: string): never {
  throw new ModelsError(
    'EVALUATION_REFUSED',
    `${split.dataSet}, ${split.split}: expected ${expected}, got ${got}: the model can't be measured on it`,
  )
}
