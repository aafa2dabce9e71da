// What is shown of a training while it goes: a bar with lines above it on a terminal, plain lines elsewhere.
import { basename } from 'node:path'
import type { TrainingEvent } from '@renown/ml'
import { formatCount } from '../format/numbers.ts'
import type { Io } from '../io.ts'
import { createMeter, type Meter } from '../progress.ts'
import { describeEvaluationRow, describeRunning, describeStepRow, describeSteps } from './describe-rows.ts'
import { createSpeed, type Speed } from './speed.ts'

const LINE_EVERY_MS = 30_000

export interface TrainDisplay {
  onEvent(event: TrainingEvent): void
  stop(): void
}

/** Quiet: notices alone. */
export async function createTrainDisplay(io: Io, quiet: boolean, now: () => number): Promise<TrainDisplay> {
  if (quiet) {
    return {
      onEvent: (event) => {
        if (event.type === 'notice') io.stderr.write(`${event.message}\n`)
      },
      stop: () => {},
    }
  }
  const meter = await createMeter(io, 'Training', { lineEvery: LINE_EVERY_MS })
  const speed = createSpeed(now)
  return { onEvent: (event) => showEvent(event, meter, speed), stop: () => meter.stop() }
}

function showEvent(event: TrainingEvent, meter: Meter, speed: Speed): void {
  switch (event.type) {
    case 'update': {
      const { step, total } = event
      speed.add(event.tokens)
      meter.update(step / total, () => describeRunning({ ...event, ...speed.measure(total - step) }))
      break
    }
    case 'evaluating':
      speed.pause()
      meter.update(
        event.done / event.total,
        () => `validation, ${formatCount(event.done)} of ${formatCount(event.total)} posts`,
      )
      break
    default: {
      const line = describeEvent(event)
      if (line !== null) meter.say(line)
    }
  }
}

/** The line that an event leaves; null for those that leave none. */
export function describeEvent(event: TrainingEvent): string | null {
  switch (event.type) {
    case 'planned':
      return describeSteps(event.plan)
    case 'resumed':
      return `Going on from ${basename(event.checkpoint)}, after ${formatCount(event.step)} steps`
    case 'notice':
      return event.message
    case 'logged':
      return describeStepRow(event.row)
    case 'evaluated':
      return describeEvaluationRow(event.evaluation)
    case 'checkpoint saved':
      return `Saved ${basename(event.path)}`
    case 'stopped early':
      return `Stopped after ${formatCount(event.step)} steps: no evaluation was better than that of step ${event.bestStep ?? '?'}`
    default:
      return null
  }
}
