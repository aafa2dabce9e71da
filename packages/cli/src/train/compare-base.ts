// How good the untouched base is on the validation posts: what training has to be worth more than.
import { evaluate } from '@renown/ml'
import { type Comparison, postProbabilities, scorePosts } from '@renown/models'
import { note } from '../io.ts'
import type { PreparedRun } from './prepare-run.ts'
import { findLabelPlaces } from './teach.ts'
import type { TrainSession } from './train-session.ts'

/**
 * Null where the base has no labels, or others. A base that can't be scored costs the comparison, not the model; throws
 * the signal's reason.
 */
export async function compareBase(
  { io, signal, threads }: TrainSession,
  { base, data, labels }: PreparedRun,
): Promise<Comparison | null> {
  const places = base.labels === null ? null : findLabelPlaces(labels, base.labels)
  if (places === null) return null
  const { rows, splitName } = data.validation
  const texts = rows.map(({ text }) => text)
  try {
    const { logits } = await scorePosts(base.folder, texts, { threads, encoding: 'auto', signal })
    const probabilities = postProbabilities(logits, base.folder.manifest.temperature).map((row) =>
      places.map((place) => row[place] ?? 0),
    )
    const classes = rows.map(({ label }) => label)
    const split = splitName === 'all' ? 'validation' : splitName
    return { name: 'its base', split, evaluation: evaluate(classes, probabilities, labels) }
  } catch (error) {
    signal.throwIfAborted()
    note(io, `The base can't be compared with: ${(error as Error).message}`)
    return null
  }
}
