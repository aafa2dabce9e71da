// `renown gate`: may a candidate replace what serves now?
import { readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import {
  GATE_POLICY,
  type GateModel,
  type GatePolicy,
  type GateReport,
  type GateVerdict,
  type ReferenceRole,
  readGatePolicy,
  renderGateJson,
  runGate,
  writeGateReport,
} from '@renown/models'
import { CliError } from '../errors.ts'
import { EXIT_GATE_FAILED, EXIT_OK, EXIT_UNDECIDABLE } from '../exit-codes.ts'
import { type Io, note, writeAll } from '../io.ts'
import { openNamedModel } from '../open-named-model.ts'
import { createMeter, type Meter } from '../progress.ts'
import { readModelSettings } from '../settings.ts'
import { watchInterruption } from '../signals.ts'
import { describeGate } from './describe-gate.ts'
import { type GateDataFlags, readGatePosts, readTrainingTexts } from './read-gate-posts.ts'

export interface GateFlags extends GateDataFlags {
  readonly champion?: string
  readonly best?: string
  readonly base?: string
  readonly policy?: string
  readonly report?: string
  readonly trainFile?: readonly string[]
  readonly home?: string
  readonly threads?: string
  readonly config?: string
  readonly json?: boolean
  readonly quiet?: boolean
}

const EXIT_CODES: Readonly<Record<GateVerdict, number>> = {
  pass: EXIT_OK,
  fail: EXIT_GATE_FAILED,
  undecidable: EXIT_UNDECIDABLE,
}

export async function runGateCommand(io: Io, candidate: string, flags: GateFlags): Promise<number> {
  const policy = await readPolicy(flags.policy)
  const interruption = watchInterruption()
  try {
    const report = await judge(io, candidate, flags, policy, interruption.signal)
    if (flags.report !== undefined) await writeGateReport(flags.report, report)
    await writeAll(io.stdout, flags.json === true ? renderGateJson(report) : describeGate(report))
    if (flags.report !== undefined && flags.quiet !== true)
      note(io, `Wrote ${flags.report}: gate.json, gate.md, gate.html`)
    return EXIT_CODES[report.verdict]
  } catch (error) {
    if (!interruption.signal.aborted || error instanceof CliError) throw error
    throw new CliError('INTERRUPTED', 'stopped: nothing was judged', { cause: error })
  } finally {
    interruption.dispose()
  }
}

async function readPolicy(path: string | undefined): Promise<GatePolicy> {
  if (path === undefined) return GATE_POLICY
  const text = await readFile(path, 'utf8').catch((cause: Error) => {
    throw new CliError('INPUT_NOT_FOUND', `--policy: "${path}" can't be read: ${cause.message}`, { cause })
  })
  return readGatePolicy(text, path)
}

async function judge(
  io: Io,
  reference: string,
  flags: GateFlags,
  policy: GatePolicy,
  signal: AbortSignal,
): Promise<GateReport> {
  const { home, engine } = await readModelSettings(io, { ...pickSettings(flags), model: reference })
  const open = async (model: string): Promise<GateModel> => ({
    reference: model,
    folder: await openNamedModel(io, { model, home, signal }),
  })
  const candidate = await open(reference)
  const references = await openReferences(flags, open)
  const { folder } = candidate
  const posts = await readGatePosts(folder, flags, {
    references: Object.entries(references).map(([role, model]) => ({ role, labels: model.folder.manifest.labels })),
    say: (line) => note(io, line),
    signal,
  })
  const { textColumn, trainFile } = flags
  const reading = { ...(textColumn === undefined ? {} : { textColumn }), signal }
  const trainingTexts = trainFile === undefined ? undefined : await readTrainingTexts(trainFile, reading)
  const meter = flags.quiet === true ? null : await createMeter(io, 'Judging')
  try {
    return await runGate({
      candidate,
      references,
      posts,
      policy,
      ...(trainingTexts === undefined ? {} : { trainingTexts }),
      home,
      threads: engine.threads ?? availableParallelism(),
      now: new Date(),
      signal,
      ...(meter === null ? {} : { onProgress: showOn(meter) }),
    })
  } finally {
    meter?.stop()
  }
}

async function openReferences(
  { champion, best, base }: GateFlags,
  open: (model: string) => Promise<GateModel>,
): Promise<Partial<Record<ReferenceRole, GateModel>>> {
  const opened: Partial<Record<ReferenceRole, GateModel>> = {}
  for (const [role, model] of Object.entries({ champion, best, base }) as [ReferenceRole, string | undefined][]) {
    if (model !== undefined) opened[role] = await open(model)
  }
  return opened
}

function pickSettings({ home, threads, config }: GateFlags): { home?: string; threads?: string; config?: string } {
  return {
    ...(home === undefined ? {} : { home }),
    ...(threads === undefined ? {} : { threads }),
    ...(config === undefined ? {} : { config }),
  }
}

function showOn(meter: Meter): (step: string, share: number) => void {
  return (step, share) => meter.update(share, () => step)
}
