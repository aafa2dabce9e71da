// The training loop.

import { join, resolve } from 'node:path'
import { checkEvaluationSet } from './arguments/check-arguments.ts'
import { checkTraining } from './check-training.ts'
import { checkFileNames, formatJson, STATE_FILE } from './checkpoint/checkpoint-files.ts'
import { listCheckpoints } from './checkpoint/checkpoint-folders.ts'
import { replaceDurably } from './checkpoint/durable-files.ts'
import { lockOutput } from './checkpoint/output-lock.ts'
import { writeFailure } from './checkpoint/write-checkpoint.ts'
import { chooseFinalWeights, findWeights } from './final-weights.ts'
import { evaluateState, finishUpdate } from './finish-update.ts'
import type { FinalRow } from './log-row.ts'
import { perSecond, roundTo } from './rates.ts'
import { type Run, secondsSoFar } from './run.ts'
import { type RunState, trainerState } from './run-state.ts'
import { advanceState, runUpdate, type UpdateOutcome } from './run-update.ts'
import { saveCheckpoint } from './save-checkpoint.ts'
import { startRun } from './start-run.ts'
import { planRun } from './steps-plan.ts'
import type { BestModel, TrainOptions, TrainResult } from './train-options.ts'

/**
 * Trains as transformers' Trainer does (trainer.py, `_inner_training_loop`): forward and backward of the update's
 * parts, clipping, optimizer, schedule, then log row, evaluation and checkpoint. The same options give the same bytes,
 * whether the run was interrupted, killed and resumed, or not.
 * @throws MlError ARGUMENTS_INVALID, TRAINING_INVALID, TRAINING_DIVERGED, CHECKPOINT_INVALID, CHECKPOINT_MISMATCH,
 *   CHECKPOINT_FAILED, OUTPUT_LOCKED, OUTPUT_OCCUPIED
 */
export async function train(options: TrainOptions): Promise<TrainResult> {
  checkEvaluationSet(options.arguments, options.evaluation !== undefined)
  checkTraining(options)
  checkFileNames(Object.keys(options.files ?? {}))
  const plan = planRun(
    options.arguments,
    options.examples.map(({ ids }) => ids.length),
  )
  const lock = await lockOutput(options.output)
  try {
    const { run, state } = await startRun(options, plan)
    run.emit({ type: 'planned', plan: plan.steps })
    return await runSteps(run, state)
  } finally {
    await lock.release()
  }
}

async function runSteps(run: Run, start: RunState): Promise<TrainResult> {
  const { signal, arguments: settings } = run.options
  let state = start
  if (settings.evalOnStart && state.step === 0) {
    const evaluated = await evaluateStart(run, state)
    if (evaluated === null) return interrupt(run, state)
    state = evaluated
  }
  while (state.isUpdatePending || (state.step < run.plan.steps.total && !state.isStopped)) {
    if (signal?.aborted) return interrupt(run, state)
    const updated = state.isUpdatePending ? state : await doUpdate(run, state)
    if (updated === null) return interrupt(run, state)
    const finished = await finishUpdate(run, updated)
    if (finished === null) return interrupt(run, updated)
    state = finished
  }
  return finish(run, state)
}

async function evaluateStart(run: Run, state: RunState): Promise<RunState | null> {
  const scored = await evaluateState(run, state)
  if (scored === null) return null
  run.emit({ type: 'evaluated', evaluation: { ...scored, isBest: false } })
  return { ...state, log: [...state.log, scored.row] }
}

async function doUpdate(run: Run, state: RunState): Promise<RunState | null> {
  const started = run.now()
  const update = await runUpdate(run, state.step)
  if (update === null) return null
  countWork(run, update, run.now() - started)
  const next = advanceState(state, update)
  const { isEpochEnd: _, ...figures } = update
  run.emit({ type: 'update', step: next.step, total: run.plan.steps.total, ...figures })
  return next
}

function countWork({ stopwatch }: Run, update: UpdateOutcome, milliseconds: number): void {
  stopwatch.examples += update.examples
  stopwatch.tokens += update.tokens
  stopwatch.sinceLog.tokens += update.tokens
  stopwatch.sinceLog.milliseconds += milliseconds
}

/** Saves the last whole update, unless its checkpoint is there already. */
async function interrupt(run: Run, before: RunState): Promise<TrainResult> {
  run.options.model.discardGradients()
  const state =
    before.step === 0 || hasCheckpoint(run, before) ? before : await saveCheckpoint(run, before, { isScheduled: false })
  const result = await resultOf(run, state, 'interrupted', 'last')
  run.emit({ type: 'interrupted', step: state.step, checkpoint: result.checkpoint })
  return result
}

function hasCheckpoint({ stopwatch, origin, options }: Run, state: RunState): boolean {
  if (state.isUpdatePending) return false
  if (state.step === stopwatch.firstStep) return origin === resolve(options.output)
  return state.savedSteps.at(-1) === state.step
}

async function finish(run: Run, reached: RunState): Promise<TrainResult> {
  const isKept = run.options.keepsEnd !== true || reached.step === 0 || hasCheckpoint(run, reached)
  const before = isKept ? reached : await saveCheckpoint(run, reached, { isScheduled: false })
  if (before.isStopped) run.emit({ type: 'stopped early', step: before.step, bestStep: before.bestStep })
  const row = finalRow(run, before)
  const { state, weights } = await chooseFinalWeights(run, { ...before, log: [...before.log, row] })
  const { output, arguments: settings } = run.options
  const path = join(output, STATE_FILE)
  await replaceDurably(path, formatJson(trainerState(state, run.plan.steps, settings))).catch((error: unknown) => {
    throw writeFailure(path, error)
  })
  run.emit({ type: 'finished', row })
  return resultOf(run, state, before.isStopped ? 'stopped early' : 'finished', weights)
}

function finalRow(run: Run, state: RunState): FinalRow {
  const { startedAt, firstStep, examples, tokens } = run.stopwatch
  const elapsed = run.now() - startedAt
  return {
    train_runtime: roundTo(elapsed / 1000, 4),
    ...perSecond('train_samples_per_second', examples, elapsed),
    ...perSecond('train_steps_per_second', state.step - firstStep, elapsed),
    ...perSecond('train_tokens_per_second', tokens, elapsed),
    train_loss: state.lossTotal / Math.max(state.step, 1),
    epoch: state.epoch,
    step: state.step,
  }
}

async function resultOf(
  run: Run,
  state: RunState,
  status: TrainResult['status'],
  weights: TrainResult['weights'],
): Promise<TrainResult> {
  const folders = await listCheckpoints(run.options.output)
  return {
    status,
    steps: state.step,
    epoch: state.epoch,
    trainLoss: state.lossTotal / Math.max(state.step, 1),
    best: await describeBest(run, state),
    seconds: secondsSoFar(run),
    checkpoint: folders.findLast(({ step }) => step <= state.step)?.path ?? null,
    weights,
    log: state.log,
  }
}

async function describeBest(run: Run, state: RunState): Promise<BestModel | null> {
  const { metricForBestModel } = run.options.arguments
  if (metricForBestModel === null || state.bestMetric === null || state.bestStep === null) return null
  const checkpoint =
    state.bestCheckpointStep === state.bestStep ? await findWeights(run, state.bestCheckpointStep) : null
  return { metric: `eval_${metricForBestModel}`, value: state.bestMetric, step: state.bestStep, checkpoint }
}
