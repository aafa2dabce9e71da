// The gate at the end of a training: prepared before it begins, so that what would be refused is refused early.
import { type GatePosts, type GateReport, type ModelFolder, type PublishPlace, writeGateReport } from '@renown/models'
import { CliError } from '../errors.ts'
import { nameDataSet } from '../evaluate/name-data-set.ts'
import { describeGate } from '../gate/describe-gate.ts'
import { judgeCandidate } from '../gate/judge-candidate.ts'
import { note, writeAll } from '../io.ts'
import { findReferences, type References } from './find-champion.ts'
import type { LoadedSplit } from './load-data.ts'
import type { TrainGate } from './plan-gate.ts'
import type { PreparedData } from './prepare-data.ts'
import type { PreparedRun } from './prepare-run.ts'
import type { TrainSession } from './train-session.ts'

export interface PreparedGate {
  readonly gate: TrainGate
  readonly posts: GatePosts
  readonly references: References
  readonly trainingTexts: readonly string[]
  readonly threads: number
}

/** Null where nothing is judged. Throws DATA_EMPTY, USAGE_INVALID, and what opening the models throws. */
export async function prepareGate(
  session: TrainSession,
  run: PreparedRun,
  target: PublishPlace | null,
): Promise<PreparedGate | null> {
  const { plan } = session
  const { gate } = plan.request
  if (gate === null) return null
  const posts = choosePosts(run.data, plan.request.data.gateFile?.place, gate)
  checkPosts(posts, run.labels)
  return {
    gate,
    posts,
    references: await findReferences(session, gate, run, target),
    trainingTexts: [...run.data.train, ...run.data.unlabelled].flatMap(({ rows }) => rows.map(({ text }) => text)),
    threads: run.threads,
  }
}

/** Those of the file, else those of the run that the policy names. */
function choosePosts(
  { held, gateFile, validation, test }: PreparedData,
  place: { readonly kind: string; readonly path?: string } | undefined,
  { policy }: TrainGate,
): GatePosts {
  if (gateFile !== null) return { ...toPosts(gateFile), ...nameDataSet(place?.path ?? gateFile.name) }
  const split = policy.split === 'validation' ? validation : policy.split === 'test' ? test : held
  if (split !== null) return { ...toPosts(split), split: policy.split }
  throw new CliError('USAGE_INVALID', `the policy judges on the ${policy.split} split, and there are no such posts`)
}

function toPosts({ name, splitName, sha256, rows }: LoadedSplit): GatePosts {
  return {
    dataSet: name,
    split: splitName,
    sha256,
    texts: rows.map(({ text }) => text),
    classes: rows.map(({ label }) => label),
  }
}

function checkPosts({ dataSet, classes }: GatePosts, labels: readonly string[]): void {
  const occurring = new Set(classes)
  if (occurring.size > 1) return
  const got = [...occurring].map((label) => `${classes.length} of "${labels[label]}" alone`).join('') || 'none'
  throw new CliError(
    'DATA_EMPTY',
    `nothing could be judged on ${dataSet}: expected posts of two labels or more, got ${got}; hold more out with --gate-share, or name posts with --gate-file`,
  )
}

/**
 * Judges the finished model and puts the report beside it. Throws what `runGate` throws; the model stands then, and the
 * way to judge it is said.
 */
export async function judgeFinished(
  session: TrainSession,
  { gate, posts, references, trainingTexts, threads }: PreparedGate,
  folder: ModelFolder,
): Promise<GateReport> {
  const { io, home, plan, signal, quiet } = session
  const candidate = { reference: plan.request.output ?? folder.path, folder }
  try {
    const report = await judgeCandidate(
      io,
      { candidate, references, posts, policy: gate.policy, trainingTexts, home, threads, signal },
      { isQuiet: quiet },
    )
    await writeGateReport(folder.path, report)
    await writeAll(io.stdout, `\n${describeGate(report)}`)
    return report
  } catch (error) {
    note(io, `The model stands, and is not judged. Judge it with: renown gate ${candidate.reference} --data FILE`)
    throw error
  }
}
