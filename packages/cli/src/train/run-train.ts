// `renown train`: from labelled posts and a base to a model folder.
import { mkdir } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { createTrainableModel, type TrainableModel, type TrainResult, train, trainableModelOptions } from '@renown/ml'
import { CliError } from '../errors.ts'
import { EXIT_OK } from '../exit-codes.ts'
import { type Io, note, writeAll } from '../io.ts'
import { readModelSettings } from '../settings.ts'
import { watchInterruption } from '../signals.ts'
import { describeResult } from './describe-result.ts'
import { describeRun } from './describe-run.ts'
import { dryRun } from './dry-run.ts'
import { finishRun } from './finish-run.ts'
import { checkPlaces } from './open-sources.ts'
import { checkOutput, inspectOutput, workFolder } from './output-folder.ts'
import { planTrain, type TrainPlan } from './plan-train.ts'
import { type PreparedRun, prepareRun } from './prepare-run.ts'
import { readHub } from './read-hub.ts'
import { readModelFiles } from './read-model-files.ts'
import { resumeCommand } from './resume-command.ts'
import { createTrainDisplay } from './train-display.ts'
import type { TrainFlagValues } from './train-flags.ts'
import type { TrainSession } from './train-session.ts'

export async function runTrain(io: Io, flags: TrainFlagValues): Promise<number> {
  const plan = await planTrain(flags)
  await checkSurroundings(plan)
  const interruption = watchInterruption(() => note(io, 'Stopping after this step; again to stop at once'))
  try {
    const session: TrainSession = { io, flags, plan, signal: interruption.signal, quiet: flags.quiet === true }
    return await runSession(session)
  } catch (error) {
    if (!interruption.signal.aborted || error instanceof CliError) throw error
    throw interrupted(flags, plan, error)
  } finally {
    interruption.dispose()
  }
}

/** Everything that can be refused without loading anything. */
async function checkSurroundings({ request, settings }: TrainPlan): Promise<void> {
  const { train, validation, test } = request.data
  const sources = [
    ...train,
    ...(validation.kind === 'source' ? [validation.source] : []),
    ...(test === null ? [] : [test]),
  ]
  await checkPlaces(sources.map(({ place }) => place))
  if (request.output === null) return
  checkOutput(request.output, await inspectOutput(request.output), settings.resumeFromCheckpoint !== null)
}

async function runSession(session: TrainSession): Promise<number> {
  const { io, flags, plan, signal, quiet } = session
  const { home, engine } = await readModelSettings(io, pickSettings(flags))
  const work = plan.dryRun || plan.request.output === null ? null : workFolder(plan.request.output)
  if (work !== null) await mkdir(work, { recursive: true })
  const say = (line: string): void => note(io, line)
  const run = await prepareRun(plan, {
    home,
    work,
    threads: engine.threads ?? null,
    signal,
    say,
    readHub: readHub({ home, signal }),
  })
  const { labels, threads } = run
  const model = await createTrainableModel(
    run.base.folder.path,
    trainableModelOptions(plan.settings, { labels, threads }),
  )
  try {
    if (!quiet) note(io, describeRun(run, plan, model))
    if (work === null) return await dryRun(session, run, model)
    const result = await trainModel(session, run, model)
    return await finish(session, run, model, result)
  } finally {
    await model.release()
  }
}

function pickSettings({ home, config }: TrainFlagValues): { home?: string; config?: string } {
  return {
    ...(typeof home === 'string' ? { home } : {}),
    ...(typeof config === 'string' ? { config } : {}),
  }
}

async function trainModel(
  { io, flags, plan, signal, quiet }: TrainSession,
  run: PreparedRun,
  model: TrainableModel,
): Promise<TrainResult> {
  const display = await createTrainDisplay(io, quiet, () => performance.now())
  try {
    const result = await train({
      model,
      arguments: plan.settings,
      examples: run.examples,
      evaluation: run.evaluation,
      labels: run.labels,
      output: plan.request.output ?? '',
      files: await readModelFiles(run, model),
      identity: { base: run.base.folder.hash },
      threads: run.threads,
      signal,
      onEvent: display.onEvent,
    })
    if (result.status === 'interrupted') throw interrupted(flags, plan, null, result)
    return result
  } finally {
    display.stop()
  }
}

async function finish(
  session: TrainSession,
  run: PreparedRun,
  model: TrainableModel,
  result: TrainResult,
): Promise<number> {
  const { io, plan } = session
  const finished = await finishRun(session, run, model, result)
  await writeAll(io.stdout, describeResult(finished, result, resolve(plan.request.output ?? '')))
  return EXIT_OK
}

function interrupted(flags: TrainFlagValues, plan: TrainPlan, cause: unknown, result?: TrainResult): CliError {
  const saved =
    result === undefined || result.checkpoint === null
      ? 'no checkpoint was saved yet'
      : `saved ${basename(result.checkpoint)} after ${result.steps} steps`
  const way = plan.dryRun ? 'nothing was written' : `${saved}. Go on with: ${resumeCommand(flags)}`
  return new CliError('INTERRUPTED', `stopped: ${way}`, { cause })
}
