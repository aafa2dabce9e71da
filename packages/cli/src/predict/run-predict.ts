// `renown predict`: opens the input and the model, scores, writes, and sums up.
import { statSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { type Engine, startEngine } from '@renown/inference'
import { createSummary, type Summary } from '@renown/reputation'
import { CliError } from '../errors.ts'
import { EXIT_OK, EXIT_REJECTED } from '../exit-codes.ts'
import { formatCount, formatDuration } from '../format/numbers.ts'
import { type Io, note } from '../io.ts'
import { openNamedModel } from '../open-named-model.ts'
import { createProgress, NO_PROGRESS, type Progress } from '../progress.ts'
import { type ModelFlags, readModelSettings } from '../settings.ts'
import { type Interruption, watchInterruption } from '../signals.ts'
import type { ColumnChoice } from './choose-columns.ts'
import { describeSummary } from './describe-summary.ts'
import { isReject } from './input-row.ts'
import type { Input } from './open-input.ts'
import { explainWrite, openOutputFile } from './output-file.ts'
import { type PredictPlan, type PredictRequest, planPredict } from './plan-predict.ts'
import { planPredictionColumns } from './prediction-columns.ts'
import { createRejects, type Rejects } from './rejects.ts'
import { type ScoredRow, scoreChunks } from './score-chunks.ts'
import type { Sink } from './sinks.ts'

export interface PredictFlags extends Omit<PredictRequest, 'inputs'>, ColumnChoice, ModelFlags {
  readonly quiet?: boolean
}

const DEFAULT_WIDTH = 100

/** The exit code: 0, or 3 where rows were rejected. */
export async function runPredict(io: Io, inputs: readonly string[], flags: PredictFlags): Promise<number> {
  const plan = planPredict(
    { ...flags, inputs },
    { isFile, stdinIsTerminal: io.stdin.isTTY === true, stdoutIsTerminal: io.stdout.isTTY === true },
  )
  const settings = await readModelSettings(io, flags)
  const interruption = watchInterruption()
  // The model loads in its worker while this thread reads the modules that open the input, and opens it.
  const engine = startModel(io, settings)
  engine.catch(() => {})
  try {
    const { openInput } = await import('./open-input.ts')
    const warn = (text: string): void => (flags.quiet === true ? undefined : note(io, text))
    const input = await openInput(plan.input, io.stdin, flags, warn)
    try {
      announce(io, plan, input, flags)
      return await predict(io, { plan, input, engine: await engine, interruption, quiet: flags.quiet === true })
    } finally {
      await input.close()
    }
  } finally {
    await engine.then((started) => started.close()).catch(() => {})
    interruption.dispose()
  }
}

/** A text may be no name at all: too long, or with a NUL in it. */
function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined
  } catch {
    return false
  }
}

async function startModel(io: Io, settings: Awaited<ReturnType<typeof readModelSettings>>): Promise<Engine> {
  const folder = await openNamedModel(io, settings)
  return await startEngine(folder, settings.engine)
}

/** Guesses are told, so that a wrong one is seen. */
function announce(io: Io, plan: PredictPlan, input: Input, flags: PredictFlags): void {
  if (flags.quiet === true) return
  if (plan.live) note(io, 'Type one text a line; Ctrl-D ends.')
  if (flags.textColumn !== undefined) return
  for (const { name, columns } of input.chosen) {
    const date = columns.date === null ? '' : `, date from "${columns.date}"`
    note(io, `${name}: text from column "${columns.text}"${date}`)
  }
}

interface Run {
  readonly plan: PredictPlan
  readonly input: Input
  readonly engine: Engine
  readonly interruption: Interruption
  readonly quiet: boolean
}

async function predict(io: Io, run: Run): Promise<number> {
  const { plan, input } = run
  const file = plan.output === null ? null : await openOutputFile(plan.output)
  const several = plan.input.kind === 'files' && plan.input.paths.length > 1
  const columns = planPredictionColumns(input.columns, several)
  const { createSink } = await import('./sinks.ts')
  const sink = createSink(file?.stream ?? io.stdout, plan.to, { columns, width: io.stdout.columns ?? DEFAULT_WIDTH })
  const rejects = createRejects(plan.rejects, io)
  const summary = createSummary({ strongestPerLabel: 0 })
  const writesToTerminal = file === null && io.stdout.isTTY === true
  const progress = run.quiet || writesToTerminal ? NO_PROGRESS : await createProgress(io, 'Scoring')
  const started = performance.now()
  try {
    await pump(run, { sink, rejects, summary, progress })
    progress.stop()
    await sink.end()
    const rejected = await rejects.end()
    const { scored } = summary.result()
    if (run.interruption.signal.aborted)
      throw new CliError('INTERRUPTED', `stopped: ${formatCount(scored)} posts were scored`)
    await file?.finish()
    if (!run.quiet) sumUp(io, plan, summary, rejected, performance.now() - started)
    return rejected > 0 ? EXIT_REJECTED : EXIT_OK
  } catch (error) {
    progress.stop()
    const isKept = await file?.abandon()
    if (isKept === true) note(io, `${formatCount(summary.result().scored)} rows are in ${file?.partial}`)
    throw plan.output === null ? error : explainWrite(plan.output, error)
  }
}

interface Outlets {
  readonly sink: Sink
  readonly rejects: Rejects
  readonly summary: Summary
  readonly progress: Progress
}

async function pump(run: Run, { sink, rejects, summary, progress }: Outlets): Promise<void> {
  let rows = 0
  for await (const items of scoreChunks(run.input.chunks, run.engine, run.interruption.signal)) {
    const scored: ScoredRow[] = []
    for (const item of items) {
      if (isReject(item)) {
        summary.reject()
        await rejects.add(item)
      } else {
        scored.push(item)
        const { line, text, date } = item.row
        summary.add({ line, text, date, label: item.answer.label, score: item.answer.score })
      }
    }
    await sink.write(scored)
    rows += items.length
    const { bytes, total } = run.input.progress()
    progress.update({ rows, share: total === null || total === 0 ? null : Math.min(1, bytes / total) })
    // Answers from the cache come without a turn of the event loop: Ctrl-C and the progress bar get theirs here.
    await setImmediate()
  }
}

function sumUp(io: Io, plan: PredictPlan, summary: Summary, rejected: number, elapsedMs: number): void {
  const result = summary.result()
  for (const line of describeSummary(result)) note(io, line)
  const rate =
    elapsedMs > 1000
      ? ` in ${formatDuration(elapsedMs / 1000)}, ${formatCount((1000 * result.rows) / elapsedMs)} rows/s`
      : ''
  if (plan.output !== null) note(io, `Wrote ${plan.output}: ${formatCount(result.scored)} rows${rate}`)
  if (rejected === 0) return
  const where = plan.rejects === null ? '' : `: see ${plan.rejects}`
  note(io, `${formatCount(rejected)} ${rejected === 1 ? 'row was' : 'rows were'} rejected${where}`)
}
