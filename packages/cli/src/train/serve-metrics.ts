// `--metrics-port`: a training that Prometheus can watch while it runs.
import { basename, resolve } from 'node:path'
import type { TrainingEvent } from '@renown/ml'
import { openTrainingMetrics, type TrainingMetricsServer } from '@renown/server/training-metrics'
import { CliError } from '../errors.ts'
import { type Io, note } from '../io.ts'

export interface WatchedTraining {
  onEvent(event: TrainingEvent): void
  stop(): Promise<void>
}

export interface WatchOptions {
  readonly io: Io
  /** As it was given. */
  readonly port: string
  readonly host: string
  /** The data folder. */
  readonly home: string
  readonly output: string
  /** What training begins with, as it was named. */
  readonly base: string
}

/** Throws USAGE_INVALID, CREDENTIALS_REQUIRED, PORT_IN_USE, ADDRESS_UNAVAILABLE. */
export async function watchTraining({ io, port, host, home, output, base }: WatchOptions): Promise<WatchedTraining> {
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new CliError('USAGE_INVALID', `--metrics-port: expected a number from 0 to 65535, got "${port}"`)
  }
  const run = { name: basename(resolve(output)), base }
  const server = await openTrainingMetrics(run, { host, port: Number(port), home })
  note(io, `Metrics are at ${server.address}`)
  return { onEvent: (event) => record(event, server), stop: server.close }
}

function record(event: TrainingEvent, { metrics }: TrainingMetricsServer): void {
  if (event.type === 'update') metrics.updated(event)
  if (event.type === 'checkpoint saved') metrics.saved()
  if (event.type !== 'evaluated') return
  const { row, isBest } = event.evaluation
  metrics.evaluated(
    {
      loss: row.eval_loss,
      accuracy: row.eval_accuracy,
      macroRecall: row.eval_macro_recall,
      macroF1: row.eval_macro_f1,
    },
    isBest,
  )
}
