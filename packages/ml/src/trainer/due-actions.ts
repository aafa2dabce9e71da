// What is due after an update: a log row, an evaluation, a checkpoint.
import type { TrainingArguments } from './arguments/training-arguments.ts'
import type { StepsPlan } from './steps-plan.ts'

export interface DueActions {
  readonly log: boolean
  readonly evaluate: boolean
  /** Whether the strategy counts this update; `best` decides after the evaluation. */
  readonly save: boolean
}

export interface UpdatePlace {
  readonly step: number
  readonly epoch: number
  /** The last update of its epoch or of the run. */
  readonly isEpochEnd: boolean
}

/**
 * As the Trainer's DefaultFlowCallback: strategies that count updates also act at the end of the run, logging aside.
 * Where an epoch ends with a counted update, all that is due is done once: log, evaluation, checkpoint, in this order,
 * so that a checkpoint holds the evaluation of its own step.
 */
export function dueActions(settings: TrainingArguments, plan: StepsPlan, place: UpdatePlace): DueActions {
  const { step, epoch, isEpochEnd } = place
  const isLast = step >= plan.total
  const isCounted = (interval: number | null) => interval !== null && step % interval === 0
  const evaluates = {
    no: false,
    steps: (isCounted(plan.evalSteps) || isLast) && settings.evalDelay <= step,
    epoch: isEpochEnd && settings.evalDelay <= epoch,
  }[settings.evalStrategy]
  return {
    log:
      isCounted(plan.loggingSteps) ||
      (settings.loggingStrategy === 'epoch' && isEpochEnd) ||
      (settings.loggingFirstStep && step === 1),
    evaluate: evaluates,
    save: isCounted(plan.saveSteps) || (settings.saveStrategy === 'epoch' && isEpochEnd) || savesLast(settings, isLast),
  }
}

function savesLast(settings: TrainingArguments, isLast: boolean): boolean {
  return isLast && settings.saveStrategy === 'steps'
}
