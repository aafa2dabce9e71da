// `renown gate`: may a candidate replace what serves now?
import { availableParallelism } from 'node:os'
import {
  type GateModel,
  type GatePolicy,
  type GateReport,
  type ReferenceRole,
  renderGateJson,
  writeGateReport,
} from '@renown/models'
import { CliError } from '../errors.ts'
import { type Io, note, writeAll } from '../io.ts'
import { openNamedModel } from '../open-named-model.ts'
import { readModelSettings } from '../settings.ts'
import { watchInterruption } from '../signals.ts'
import { describeGate } from './describe-gate.ts'
import { EXIT_OF_VERDICT, judgeCandidate } from './judge-candidate.ts'
import { NO_MODEL, nameBest } from './name-best.ts'
import { type GateDataFlags, readGatePosts, readTrainingTexts } from './read-gate-posts.ts'
import { readPolicy } from './read-policy.ts'

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

export async function runGateCommand(io: Io, candidate: string, flags: GateFlags): Promise<number> {
  const policy = await readPolicy(flags.policy, '--policy')
  const interruption = watchInterruption()
  try {
    const report = await judge(io, candidate, flags, policy, interruption.signal)
    if (flags.report !== undefined) await writeGateReport(flags.report, report)
    await writeAll(io.stdout, flags.json === true ? renderGateJson(report) : describeGate(report))
    if (flags.report !== undefined && flags.quiet !== true)
      note(io, `Wrote ${flags.report}: gate.json, gate.md, gate.html`)
    return EXIT_OF_VERDICT[report.verdict]
  } catch (error) {
    if (!interruption.signal.aborted || error instanceof CliError) throw error
    throw new CliError('INTERRUPTED', 'stopped: nothing was judged', { cause: error })
  } finally {
    interruption.dispose()
  }
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
  const say = (line: string): void => note(io, line)
  const best = await nameBest({ home, champion: flags.champion, best: flags.best, say })
  const references = await openReferences({ ...flags, best }, open)
  const { folder } = candidate
  const posts = await readGatePosts(folder, flags, {
    references: Object.entries(references).map(([role, model]) => ({ role, labels: model.folder.manifest.labels })),
    say,
    signal,
  })
  const { textColumn, trainFile } = flags
  const reading = { ...(textColumn === undefined ? {} : { textColumn }), signal }
  const trainingTexts = trainFile === undefined ? undefined : await readTrainingTexts(trainFile, reading)
  return await judgeCandidate(
    io,
    {
      candidate,
      references,
      posts,
      policy,
      ...(trainingTexts === undefined ? {} : { trainingTexts }),
      home,
      threads: engine.threads ?? availableParallelism(),
      signal,
    },
    { isQuiet: flags.quiet === true },
  )
}

async function openReferences(
  { champion, best, base }: Pick<GateFlags, 'champion' | 'base'> & { readonly best: string | null },
  open: (model: string) => Promise<GateModel>,
): Promise<Partial<Record<ReferenceRole, GateModel>>> {
  const opened: Partial<Record<ReferenceRole, GateModel>> = {}
  for (const [role, model] of Object.entries({ champion, best, base }) as [
    ReferenceRole,
    string | null | undefined,
  ][]) {
    if (model !== undefined && model !== null && model !== NO_MODEL) opened[role] = await open(model)
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
