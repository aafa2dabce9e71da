// What follows an update: its log row, evaluation and checkpoint, each if it is due.
import { dueActions } from './due-actions.ts'
import { type EvaluationFigures, predictExamples, scoreLogits } from './evaluate-examples.ts'
import { judgeEvaluation } from './judge-evaluation.ts'
import type { EvaluationRow, StepRow } from './log-row.ts'
import { perSecond, roundTo } from './rates.ts'
import type { Run } from './run.ts'
import type { RunState } from './run-state.ts'
import { saveCheckpoint } from './save-checkpoint.ts'

/** Null: the signal was given during the evaluation, which starts anew in the resumed run. */
export async function finishUpdate(run: Run, before: RunState): Promise<RunState | null> {
  const { arguments: settings } = run.options
  const due = dueActions(settings, run.plan.steps, before)
  let state = due.log && before.step > before.loggedStep ? logUpdate(run, before) : before
  let isBest = false
  if (due.evaluate) {
    const row = await evaluateState(run, state)
    if (row === null) return null
    const judgement = judgeEvaluation(settings, state, row.row)
    const { isBest: best, ...judged } = judgement
    isBest = best
    state = { ...state, ...judged, log: [...state.log, row.row] }
    run.emit({ type: 'evaluated', evaluation: { ...row, isBest } })
  }
  state = { ...state, isUpdatePending: false }
  // Early stopping ends the epoch: what is done at ends of epochs is done now.
  if (state.isStopped && settings.loggingStrategy === 'epoch' && state.step > state.loggedStep) {
    state = logUpdate(run, state)
  }
  const stopsEpoch = state.isStopped && settings.saveStrategy === 'epoch'
  const saves = settings.saveStrategy === 'best' ? isBest : due.save || stopsEpoch
  return saves ? saveCheckpoint(run, state, { isScheduled: true }) : state
}

/** Logs what the state says since the row before. */
function logUpdate(run: Run, state: RunState): RunState {
  const { sinceLog } = run.stopwatch
  const row: StepRow = {
    loss: state.lossSinceLog / (state.step - state.loggedStep),
    grad_norm: state.gradNorm,
    learning_rate: state.learningRate,
    ...perSecond('tokens_per_second', sinceLog.tokens, sinceLog.milliseconds),
    epoch: state.epoch,
    step: state.step,
  }
  run.stopwatch.sinceLog = { milliseconds: 0, tokens: 0 }
  run.emit({ type: 'logged', row })
  return { ...state, lossSinceLog: 0, loggedStep: state.step, log: [...state.log, row] }
}

/** Scores the evaluation set with the weights in force; null where the signal was given before the end. */
export async function evaluateState(
  run: Run,
  { step, epoch }: Pick<RunState, 'step' | 'epoch'>,
): Promise<{ row: EvaluationRow; confusion: EvaluationFigures['confusion'] } | null> {
  const { model, evaluation = [], labels, arguments: settings, signal } = run.options
  const started = run.now()
  const total = evaluation.length
  const logits = await predictExamples(
    model,
    evaluation.map(({ ids }) => ids),
    {
      budget: settings.microBatchTokens,
      ...(signal ? { signal } : {}),
      onProgress: (done) => run.emit({ type: 'evaluating', step, done, total }),
    },
  )
  if (logits === null) return null
  const { confusion, loss, accuracy, macroRecall, macroF1 } = scoreLogits(logits, evaluation, labels, run.loss)
  const elapsed = run.now() - started
  const row: EvaluationRow = {
    eval_loss: loss,
    eval_accuracy: accuracy,
    eval_macro_recall: macroRecall,
    eval_macro_f1: macroF1,
    eval_runtime: roundTo(elapsed / 1000, 4),
    ...perSecond('eval_samples_per_second', total, elapsed),
    ...perSecond('eval_steps_per_second', Math.ceil(total / settings.perDeviceEvalBatchSize), elapsed),
    epoch,
    step,
  }
  return { row, confusion }
}
