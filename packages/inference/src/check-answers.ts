// Whether a loaded model answers what it recorded: a CPU that computes wrongly, or weights that were damaged, show here.
import { compareAnswers, findAnswers } from '@renown/models/serving'
import { type ClassifyOutcome, isRefusal } from '@renown/reputation'
import { Call } from './call.ts'
import type { Deployment } from './deployment.ts'
import { EngineError } from './errors.ts'

/** Texts that run together: enough to be quick, few enough that a model that serves meanwhile hardly notices. */
const TOGETHER = 8

/** False where the model recorded nothing for this file. Throws ANSWERS_DIFFER, WORKER_FAILED. */
export async function checkAnswers(deployment: Deployment): Promise<boolean> {
  const { model, manifest, places } = deployment.parts
  const recorded = findAnswers(manifest, model.file, model.encoding)
  const texts = manifest.answers?.texts ?? []
  if (recorded === null || texts.length === 0) return false
  const outcomes: ClassifyOutcome[] = []
  for (let start = 0; start < texts.length; start += TOGETHER) {
    outcomes.push(...(await answer(deployment, texts.slice(start, start + TOGETHER))))
  }
  const got = outcomes.map((outcome) => {
    if (isRefusal(outcome)) return []
    const probabilities: number[] = []
    probabilities[places.negative] = outcome.scores.negative
    probabilities[places.neutral] = outcome.scores.neutral
    probabilities[places.positive] = outcome.scores.positive
    return probabilities
  })
  const { agrees, most, mean, tolerance, worst } = compareAnswers(recorded, got)
  if (agrees) return true
  throw new EngineError(
    'ANSWERS_DIFFER',
    `${manifest.name} ${model.version} doesn't answer here what it recorded: expected probabilities within ${tolerance.most} (on average ${tolerance.mean}), got ${most.toFixed(4)} (on average ${mean.toFixed(4)}), most for text ${worst + 1}; this CPU computes something else, or the model was altered`,
  )
}

/** Past queue bounds and cache: nobody else uses the model yet. */
function answer(deployment: Deployment, texts: readonly string[]): Promise<readonly ClassifyOutcome[]> {
  const call = new Call(texts.length, { fresh: true }, { ended: () => undefined })
  for (const [index, raw] of texts.entries()) {
    const text = deployment.prepare(raw)
    deployment.enter({ call, index, text, share: 'bulk', priority: 'bulk', reserved: 0 })
  }
  return call.promise
}
