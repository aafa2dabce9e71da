// The gate: whether a candidate may replace what serves now. It changes nothing but its own records.
import { describeMachine } from '../trained/describe-machine.ts'
import type { Answers } from './evidence.ts'
import { appendGateLog, failRecording, readGateHistory } from './gate-log.ts'
import type {
  GatedModel,
  GateHistory,
  GateModel,
  GatePosts,
  GateReference,
  GateReport,
  GateRequest,
  ReferenceRole,
  SpeedReport,
} from './gate-types.ts'
import { judgeAnswers, verdictOf } from './judge.ts'
import { judgeLatency, judgeSize } from './judge-files.ts'
import { type Measured, type MeasuredFile, measureAll, planReferences } from './measure-models.ts'
import { measureSpeed } from './measure-speed.ts'
import type { GatePolicy } from './policy.ts'
import { checkRows, hashRows, selectRows } from './select-rows.ts'
import { findSlices } from './slices.ts'
import { checkTrainingRows } from './training-rows.ts'

/**
 * Judges the candidate by the policy. Predictions are kept in the data folder, where the gate is recorded too. Throws
 * GATE_REFUSED (rows or labels that nothing can be seen by), GATE_UNRECORDED (records that can't be written), what loading
 * and scoring throw, and the signal's reason.
 */
export async function runGate(request: GateRequest): Promise<GateReport> {
  const { candidate, policy, home } = request
  const { labels } = candidate.folder.manifest
  checkRows(request.posts, labels)
  const chosen = selectRows(request.posts, policy)
  const { posts, ...trained } = checkTrainingRows(chosen, candidate.folder.manifest, policy, request.trainingTexts)
  checkRows(posts, labels)
  const references = planReferences(request)
  const measured = await measureAll(request, references, posts)
  const speed = await timeServed(request, measured, posts)
  const evidence = {
    labels,
    classes: posts.classes,
    candidate: measured.candidate.map(({ answers }) => answers) as [Answers, ...Answers[]],
    references: mapRoles(measured.references, ({ answers }) => answers),
    slices: findSlices(posts.texts, posts.sources),
  }
  const judged = judgeAnswers(evidence, policy)
  const files = [measured.candidate[0], measured.references[measured.main ?? 'champion']] as const
  const rules = [
    ...judged.rules,
    ...judgeLatency(speed, measured.main, policy),
    ...judgeSize(files[0]?.model, files[1]?.model, policy),
    trained.rule,
  ]
  const verdict = verdictOf(rules)
  const set = hashRows(posts, labels)
  const history = await record(home, request, { set, rows: posts.texts.length, verdict })
  return {
    kind: 'renown-gate',
    format: 1,
    created: request.now.toISOString(),
    verdict,
    labels,
    candidate: describeModel(candidate),
    references: references.map(
      ({ model, role, skipped }): GateReference => ({ role, ...describeModel(model), skipped }),
    ),
    data: {
      dataSet: posts.dataSet,
      split: policy.split,
      sha256: posts.sha256,
      set,
      rowsOfFile: request.posts.texts.length,
      rows: posts.texts.length,
      perClass: labels.map((_, label) => posts.classes.filter((value) => value === label).length),
    },
    policy,
    rules,
    models: [...measured.candidate, ...Object.values(measured.references)].map(({ model }) => model),
    comparisons: judged.comparisons,
    slices: judged.slices,
    speed,
    trainingRows: trained.report,
    history,
    warnings: findWarnings(history, policy, measured.main),
    machine: describeMachine(request.threads),
  }
}

function describeModel({ reference, folder }: GateModel): GatedModel {
  return { reference, name: folder.manifest.name, version: folder.manifest.version, hash: folder.hash }
}

async function timeServed(
  { threads, signal, onProgress }: GateRequest,
  { candidate, references, main }: Measured,
  posts: GatePosts,
): Promise<SpeedReport | null> {
  const [own] = candidate
  const other = main === null ? undefined : references[main]
  if (own === undefined || other === undefined) return null
  onProgress?.('Timing both', 0)
  const file = ({ folder, answers }: MeasuredFile) => ({ folder, file: answers.file })
  return await measureSpeed(file(own), file(other), posts.texts, {
    threads,
    ...(signal === undefined ? {} : { signal }),
    clock: () => performance.now(),
  })
}

function mapRoles<T, U>(
  roles: Readonly<Partial<Record<ReferenceRole, T>>>,
  change: (value: T) => U,
): Partial<Record<ReferenceRole, U>> {
  return Object.fromEntries(Object.entries(roles).map(([role, value]) => [role, change(value as T)]))
}

async function record(
  home: string,
  { candidate, now }: GateRequest,
  entry: { readonly set: string; readonly rows: number; readonly verdict: GateReport['verdict'] },
): Promise<GateHistory> {
  const { hash } = candidate.folder
  try {
    const history = await readGateHistory(home, entry.set, hash)
    await appendGateLog(home, { time: now.toISOString(), candidate: hash, ...entry })
    return history
  } catch (cause) {
    failRecording(home, cause)
  }
}

function findWarnings(
  { candidates }: GateHistory,
  { reuse_warning, split }: GatePolicy,
  main: ReferenceRole | null,
): string[] {
  const warnings: string[] = []
  if (main === null)
    warnings.push('no other model was compared with: the candidate only had to be better than guessing')
  if (candidates >= reuse_warning) {
    warnings.push(
      `${candidates} candidates were judged on these rows: the best of many is partly the luckiest, so that its figures are too good; take fresh rows`,
    )
  }
  if (split === 'test') warnings.push('the policy gates on the test split, which is meant for the report of a release')
  return warnings
}
