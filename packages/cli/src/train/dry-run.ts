// A training's plan without the training: a few steps are measured, nothing is written.
import { planTraining, type TrainableModel, type TrainingEstimate } from '@renown/ml'
import { EXIT_OK } from '../exit-codes.ts'
import { formatBytes, formatCount, formatDuration } from '../format/numbers.ts'
import { writeAll } from '../io.ts'
import type { PreparedRun } from './prepare-run.ts'
import type { TrainSession } from './train-session.ts'

export async function dryRun(
  { io, plan, signal }: TrainSession,
  run: PreparedRun,
  model: TrainableModel,
): Promise<number> {
  const estimate = await planTraining({
    model,
    arguments: plan.settings,
    examples: run.examples,
    evaluation: run.evaluation,
    labels: run.labels,
    threads: run.threads,
    signal,
  })
  signal.throwIfAborted()
  await writeAll(io.stdout, describeEstimate(estimate, run.threads))
  return EXIT_OK
}

/** Steps, tokens, memory and time, a line each. */
export function describeEstimate(estimate: TrainingEstimate, threads: number): string {
  const { steps, parameters, memory, measured } = estimate
  const evaluations =
    estimate.evaluations === 0
      ? 'none'
      : `${formatCount(estimate.evaluations)}, ${formatDuration(estimate.evaluationSeconds)} in all`
  const lines = [
    ['Steps', `${formatCount(steps.total)}, ${formatCount(steps.updatesPerEpoch)} an epoch`],
    ['Warm-up', `${formatCount(steps.warmupSteps)} steps`],
    ['Tokens', `${formatCount(estimate.tokens)}; the longest post has ${formatCount(estimate.longestText)}`],
    ['Evaluations', evaluations],
    ['Parameters', `${formatCount(parameters.all)}, of which ${formatCount(parameters.trained)} are trained`],
    ['Memory', `${formatBytes(memory.weights + memory.activations)} beside the program itself`],
    [
      'Speed',
      `${formatCount(measured.tokensPerSecond)} tokens/s with ${threads} ${threads === 1 ? 'thread' : 'threads'} (${measured.updates} steps)`,
    ],
    ['Time', `${formatDuration(estimate.trainSeconds + estimate.evaluationSeconds)}, as these steps went`],
  ]
  return `${lines.map(([name, value]) => `${(name ?? '').padEnd(11)} ${value}`).join('\n')}\nNothing was written\n`
}
