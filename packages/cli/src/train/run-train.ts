// `renown train`: from labelled posts and a base to a model folder.
import { availableParallelism } from 'node:os'
import { basename, resolve } from 'node:path'
import { createTrainableModel, type TrainableModel, type TrainResult, train, trainableModelOptions } from '@renown/ml'
import { openModelFolder, type PublishPlace } from '@renown/models'
import { CliError } from '../errors.ts'
import { EXIT_OK } from '../exit-codes.ts'
import { EXIT_OF_VERDICT } from '../gate/judge-candidate.ts'
import { type Io, note, writeAll } from '../io.ts'
import { readModelSettings } from '../settings.ts'
import { watchInterruption } from '../signals.ts'
import { describeResult } from './describe-result.ts'
import { describeRun } from './describe-run.ts'
import { dryRun } from './dry-run.ts'
import { finishRun } from './finish-run.ts'
import { judgeFinished, type PreparedGate, prepareGate } from './judge-run.ts'
import { checkPlaces } from './open-sources.ts'
import { checkOutput, inspectOutput, openWork } from './output-folder.ts'
import { planTrain, type TrainPlan } from './plan-train.ts'
import { type PreparedRun, prepareRun } from './prepare-run.ts'
import { checkPush, pushModel } from './push-to-hub.ts'
import { readHub } from './read-hub.ts'
import { readModelFiles } from './read-model-files.ts'
import { resumeCommand } from './resume-command.ts'
import type { WatchedTraining } from './serve-metrics.ts'
import { createTrainDisplay } from './train-display.ts'
import type { TrainFlagValues } from './train-flags.ts'
import type { TrainSession } from './train-session.ts'

export async function runTrain(io: Io, flags: TrainFlagValues): Promise<number> {
  const plan = await planTrain(flags)
  await checkSurroundings(plan)
  const { home, engine } = await readModelSettings(io, pickSettings(flags))
  const threads = plan.request.threads ?? engine.threads ?? availableParallelism()
  const interruption = watchInterruption(() => note(io, 'Stopping as soon as it is safe; again to stop at once'))
  try {
    const { signal } = interruption
    const session: TrainSession = { io, flags, plan, home, threads, signal, quiet: flags.quiet === true }
    return plan.dryRun ? await runDry(session) : await runWhole(session, plan.request.output ?? '')
  } catch (error) {
    if (!interruption.signal.aborted || error instanceof CliError) throw error
    throw new CliError('INTERRUPTED', 'stopped: nothing was trained yet', { cause: error })
  } finally {
    interruption.dispose()
  }
}

/** Everything that can be refused without loading anything. */
async function checkSurroundings({ request, settings, dryRun }: TrainPlan): Promise<void> {
  const { train, unlabelled, validation, test, gateFile } = request.data
  const sources = [
    ...train,
    ...unlabelled,
    ...(validation.kind === 'source' ? [validation.source] : []),
    ...(test === null ? [] : [test]),
    ...(gateFile === null ? [] : [gateFile]),
  ]
  await checkPlaces(sources.map(({ place }) => place))
  if (request.output === null) return
  const isResumed = settings.resumeFromCheckpoint !== null
  await checkOutput(request.output, await inspectOutput(request.output), { isResumed, dryRun })
}

async function runDry(session: TrainSession): Promise<number> {
  return await withModel(session, null, (run, model) => dryRun(session, run, model))
}

async function runWhole(session: TrainSession, output: string): Promise<number> {
  const { io, plan } = session
  const work = await openWork(output)
  try {
    return await withModel(session, work.path, async (run, model) => {
      if (plan.settings.learningRate === 0) note(io, 'The learning rate is 0: nothing will be learned')
      const target = await checkPush(session, run)
      const gate = await prepareGate(session, run, target)
      const result = await trainModel(session, run, model, output)
      warnOfLoss(session, run, result)
      const finished = await finishModel(session, run, model, result)
      await writeAll(io.stdout, describeResult(finished, result, resolve(output)))
      return await concludeRun(session, finished.path, gate, target)
    })
  } catch (error) {
    await work.abandon()
    throw error
  }
}

/** What is to be done with a finished model: judged, and published if nothing speaks against it. */
async function concludeRun(
  session: TrainSession,
  path: string,
  gate: PreparedGate | null,
  target: PublishPlace | null,
): Promise<number> {
  if (gate === null && target === null) return EXIT_OK
  const { io, signal } = session
  try {
    const folder = await openModelFolder(path)
    const verdict = gate === null ? 'pass' : (await judgeFinished(session, gate, folder)).verdict
    if (target !== null && verdict === 'pass') await writeAll(io.stdout, await pushModel(session, folder, target))
    if (target !== null && verdict !== 'pass') note(io, `Nothing is published: the verdict is "${verdict}"`)
    return EXIT_OF_VERDICT[verdict]
  } catch (error) {
    if (!signal.aborted) throw error
    throw new CliError('INTERRUPTED', `stopped; the model in ${path} stands`, { cause: error })
  }
}

/** Loads data and base, tells what they are, and releases the model at the end. */
async function withModel(
  { io, plan, home, threads, signal, quiet }: TrainSession,
  work: string | null,
  use: (run: PreparedRun, model: TrainableModel) => Promise<number>,
): Promise<number> {
  const say = (line: string): void => note(io, line)
  const run = await prepareRun(plan, {
    home,
    work,
    threads,
    io,
    signal,
    say,
    quiet,
    readHub: readHub({ env: io.env, signal, say }),
  })
  const options = trainableModelOptions(plan.settings, { labels: run.labels, threads: run.threads })
  const model = await createTrainableModel(run.base.folder.path, options)
  try {
    if (!quiet) note(io, describeRun(run, plan, model))
    return await use(run, model)
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

/** Throws INTERRUPTED with the way to go on. */
async function trainModel(
  session: TrainSession,
  run: PreparedRun,
  model: TrainableModel,
  output: string,
): Promise<TrainResult> {
  const { io, plan, signal, quiet } = session
  const watched = await watchByPort(session, output)
  const display = await createTrainDisplay(io, quiet, () => performance.now())
  try {
    const result = await train({
      model,
      arguments: plan.settings,
      examples: run.examples,
      evaluation: run.evaluation,
      labels: run.labels,
      output,
      files: await readModelFiles(run, model),
      identity: { base: run.base.folder.hash },
      // What follows may fail: it can then be done again without training again.
      keepsEnd: true,
      threads: run.threads,
      signal,
      onEvent: (event) => {
        display.onEvent(event)
        watched?.onEvent(event)
      },
    })
    if (result.status === 'interrupted') throw interrupted(session, result, `stopped after ${result.steps} steps`, null)
    return result
  } finally {
    display.stop()
    await watched?.stop()
  }
}

async function watchByPort({ io, flags, plan, home }: TrainSession, output: string): Promise<WatchedTraining | null> {
  const { metricsPort: port, metricsHost: host = '127.0.0.1' } = flags
  if (port === undefined) {
    if (flags.metricsHost === undefined) return null
    throw new CliError('USAGE_INVALID', '--metrics-host: expected --metrics-port beside it')
  }
  const { watchTraining } = await import('./serve-metrics.ts')
  const base = plan.request.base
  return await watchTraining({ io, port: String(port), host: String(host), home, output, base })
}

/** So many times the loss of guessing is no longer what an unlucky batch gives. */
const FAR_ABOVE_GUESSING = 2

/** A teacher's share of the loss has another scale. */
function warnOfLoss({ io, plan }: TrainSession, { labels }: PreparedRun, { log, trainLoss }: TrainResult): void {
  const losses = log.flatMap((row) => ('loss' in row ? [row.loss] : []))
  const last = losses.at(-1) ?? trainLoss
  const guessing = Math.log(labels.length)
  if (plan.request.teachers.length > 0 || !(last > FAR_ABOVE_GUESSING * guessing)) return
  note(
    io,
    `Warning: the loss ended at ${last.toFixed(2)}, and guessing has ${guessing.toFixed(2)}: the learning rate ${plan.settings.learningRate} is probably too high; 1e-5 to 5e-5 is usual`,
  )
}

async function finishModel(
  session: TrainSession,
  run: PreparedRun,
  model: TrainableModel,
  result: TrainResult,
): Promise<Awaited<ReturnType<typeof finishRun>>> {
  try {
    return await finishRun(session, run, model, result)
  } catch (error) {
    if (!session.signal.aborted) {
      noteSaved(session, result)
      throw error
    }
    throw interrupted(session, result, 'stopped while the model was finished', error)
  }
}

/** What fails after the last step costs no training: it is done again from the checkpoint. */
function noteSaved({ io, flags }: TrainSession, { checkpoint }: TrainResult): void {
  if (checkpoint === null) return
  note(
    io,
    `${basename(checkpoint)} has all that was learnt. When the cause is mended, go on with: ${resumeCommand(flags)}`,
  )
}

function interrupted({ flags }: TrainSession, { checkpoint }: TrainResult, what: string, cause: unknown): CliError {
  const saved = checkpoint === null ? 'no checkpoint was saved' : `${basename(checkpoint)} is saved`
  return new CliError('INTERRUPTED', `${what}; ${saved}. Go on with: ${resumeCommand(flags)}`, { cause })
}
