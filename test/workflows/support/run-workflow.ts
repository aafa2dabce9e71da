// Runs the steps of a workflow in a checkout, as far as the workflow test's first lines say.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runAction } from './actions.ts'
import { conditionOf, evaluate, interpolate, isTrue, type Scope, type Value } from './expression.ts'
import type { Workflow, WorkflowJob, WorkflowStep } from './read-workflow.ts'

export interface Scenario {
  /** A clean checkout, which the jobs share: a runner would make one for each. */
  readonly workspace: string
  readonly temporary: string
  readonly event: 'push' | 'pull_request' | 'schedule' | 'workflow_dispatch'
  readonly ref: string
  readonly sha: string
  readonly inputs: Readonly<Record<string, Value>>
  readonly vars: Readonly<Record<string, string>>
  readonly secrets: Readonly<Record<string, string>>
  /** What the runner's processes see beside. */
  readonly env: Readonly<Record<string, string>>
  /** Jobs that have ended in an earlier run of the same checkout, and aren't run again. */
  readonly done?: Readonly<Record<string, JobResult>>
}

export type JobResult = 'success' | 'failure' | 'skipped'

export interface StepRun {
  readonly job: string
  readonly step: WorkflowStep
  readonly outcome: JobResult
  readonly output: string
}

export interface WorkflowRun {
  readonly results: Readonly<Record<string, JobResult>>
  readonly steps: readonly StepRun[]
  readonly summary: string
  readonly artifacts: ReadonlyMap<string, ReadonlyMap<string, string>>
}

interface State {
  readonly workflow: Workflow
  readonly scenario: Scenario
  readonly results: Record<string, JobResult>
  readonly steps: StepRun[]
  readonly artifacts: Map<string, Map<string, string>>
  summary: string
}

interface JobState {
  readonly id: string
  readonly job: WorkflowJob
  readonly matrix: Readonly<Record<string, string>>
  readonly outputs: Map<string, Readonly<Record<string, string>>>
  /** From GITHUB_ENV. */
  readonly env: Record<string, string>
  status: 'success' | 'failure'
}

export async function runWorkflow(workflow: Workflow, scenario: Scenario): Promise<WorkflowRun> {
  const results = { ...scenario.done }
  const state: State = { workflow, scenario, results, steps: [], artifacts: new Map(), summary: '' }
  const unknown = Object.keys(scenario.inputs).filter((name) => !inputsOf(workflow).includes(name))
  if (unknown.length > 0) throw new Error(`the workflow has no input ${unknown.join(', ')}`)
  if (isTriggered(workflow, scenario)) {
    for (const [id, job] of workflow.jobs) if (results[id] === undefined) results[id] = await runJob(state, id, job)
  }
  return state
}

function inputsOf({ on }: Workflow): readonly string[] {
  return on.workflow_dispatch?.inputs ?? []
}

function isTriggered({ on }: Workflow, { event, ref }: Scenario): boolean {
  const limits = on[event]
  if (limits === undefined) return false
  return event !== 'push' || limits.branches === undefined || limits.branches.includes(ref.replace('refs/heads/', ''))
}

async function runJob(state: State, id: string, job: WorkflowJob): Promise<JobResult> {
  const current: JobState = { id, job, matrix: chooseMatrix(job), outputs: new Map(), env: {}, status: 'success' }
  if (job.needs.some((need) => state.results[need] === undefined)) throw new Error(`${id} needs a job that comes later`)
  if (job.needs.some((need) => state.results[need] !== 'success')) current.status = 'failure'
  if (!isWanted(job.if, scopeOf(state, current, {}))) return 'skipped'
  current.status = 'success'
  for (const step of job.steps) {
    const run = await runStep(state, current, step)
    state.steps.push(run)
    if (run.outcome === 'failure') current.status = 'failure'
  }
  return current.status
}

/** One entry of each list: the one that the running Node.js is, else the first. */
function chooseMatrix({ matrix }: WorkflowJob): Readonly<Record<string, string>> {
  const [major = ''] = process.versions.node.split('.')
  return Object.fromEntries(
    Object.entries(matrix).map(([name, values]) => [
      name,
      values.find((value) => value.split('.')[0] === major) ?? values[0] ?? '',
    ]),
  )
}

function isWanted(condition: string | null, scope: Scope): boolean {
  const expression = conditionOf(condition ?? 'success()')
  const asksStatus = /\b(success|failure|always|cancelled)\s*\(/.test(expression)
  const wanted = isTrue(evaluate(expression, scope))
  return asksStatus ? wanted : wanted && isTrue(evaluate('success()', scope))
}

async function runStep(state: State, current: JobState, step: WorkflowStep): Promise<StepRun> {
  const { workflow, scenario } = state
  const base = { ...scenario.env, ...githubVariables(state, current) }
  const outer = interpolateAll(workflow.env, scopeOf(state, current, base))
  const own = interpolateAll(current.job.env, scopeOf(state, current, outer))
  const jobEnv = { ...outer, ...own, ...current.env }
  const env = { ...jobEnv, ...interpolateAll(step.env, scopeOf(state, current, jobEnv)) }
  const scope = scopeOf(state, current, env)
  const done = { job: current.id, step }
  if (!isWanted(step.if, scope)) return { ...done, outcome: 'skipped', output: '' }
  if (step.uses !== null) {
    const { workspace } = scenario
    runAction(step.uses, interpolateAll(step.with, scope), { workspace, artifacts: state.artifacts })
    return { ...done, outcome: 'success', output: '' }
  }
  const files = openFiles(scenario)
  const script = interpolate(step.run ?? '', scope)
  const { code, output } = await runScript(script, scenario, { ...base, ...env, ...files })
  if (step.id !== null) current.outputs.set(step.id, readLines(files.GITHUB_OUTPUT))
  Object.assign(current.env, readLines(files.GITHUB_ENV))
  state.summary += readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8')
  return { ...done, outcome: code === 0 ? 'success' : 'failure', output }
}

function githubVariables({ scenario }: State, { id }: JobState): Record<string, string> {
  return {
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_JOB: id,
    GITHUB_REF: scenario.ref,
    GITHUB_RUN_ID: RUN_ID,
    GITHUB_SHA: scenario.sha,
    GITHUB_WORKSPACE: scenario.workspace,
    RUNNER_TEMP: scenario.temporary,
  }
}

const RUN_ID = '1234567890'
const FILES = ['GITHUB_OUTPUT', 'GITHUB_ENV', 'GITHUB_STEP_SUMMARY'] as const

/** New and empty for every step. */
function openFiles({ temporary }: Scenario): Record<(typeof FILES)[number], string> {
  const folder = join(temporary, '_runner')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const path = (name: string): string => join(folder, name)
  for (const name of FILES) writeFileSync(path(name), '')
  return { GITHUB_OUTPUT: path(FILES[0]), GITHUB_ENV: path(FILES[1]), GITHUB_STEP_SUMMARY: path(FILES[2]) }
}

/** Lines of name=value; values of several lines are not emulated. */
function readLines(path: string): Record<string, string> {
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
  return Object.fromEntries(
    lines.map((line) => {
      const [, name, value] = /^(\w+)=(.*)$/.exec(line) ?? []
      if (name === undefined || value === undefined) throw new Error(`"${line}" is no line of name=value`)
      return [name, value]
    }),
  )
}

const LONGEST_MS = 9 * 60_000

/** As where no `shell` is named. What hangs is ended with all that it has started. */
function runScript(
  script: string,
  { workspace }: Scenario,
  env: Readonly<Record<string, string>>,
): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-e', '-c', script], {
      cwd: workspace,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const timer = setTimeout(() => process.kill(-(child.pid ?? 0), 'SIGKILL'), LONGEST_MS)
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
      })
    }
    child.on('error', reject)
    child.on('close', (code) => {
      clearTimeout(timer)
      resolve({ code: code ?? 1, output })
    })
  })
}

function interpolateAll(values: Readonly<Record<string, string>>, scope: Scope): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, text]) => [name, interpolate(text, scope)]))
}

function scopeOf(state: State, current: JobState, env: Readonly<Record<string, string>>): Scope {
  return {
    lookUp: ([context = '', ...path]) => lookUp(state, current, env, context, path),
    call: (name, args) => callFunction(state.scenario, current, name, args),
  }
}

function lookUp(
  { workflow, scenario }: State,
  { matrix, outputs, job }: JobState,
  env: Readonly<Record<string, string>>,
  context: string,
  path: readonly string[],
): Value {
  const [name = '', ...more] = path
  const { event, ref, sha, workspace, temporary, inputs, vars, secrets } = scenario
  const known: Readonly<Record<string, Readonly<Record<string, Value>>>> = {
    github: { event_name: event, ref, sha, workspace, run_id: RUN_ID },
    runner: { temp: temporary },
    matrix,
    // What isn't set is empty, not an error; a workflow that wasn't started by hand has no inputs.
    inputs: Object.fromEntries(inputsOf(workflow).map((input) => [input, inputs[input] ?? null])),
    vars: { [name]: null, ...vars },
    secrets: { [name]: null, ...secrets },
    env: { [name]: null, ...env },
  }
  const values = known[context]
  if (values !== undefined && Object.hasOwn(values, name) && more.length === 0) return values[name] ?? null
  const [part, key, ...rest] = more
  const step = job.steps.find(({ id }) => id === name)
  if (context === 'steps' && part === 'outputs' && key !== undefined && rest.length === 0 && step !== undefined) {
    return outputs.get(name)?.[key] ?? null
  }
  throw new Error(`${[context, ...path].join('.')} is not emulated`)
}

function callFunction({ workspace }: Scenario, { status }: JobState, name: string, args: readonly Value[]): Value {
  if (name === 'hashFiles' && args.length === 1) return hashFile(join(workspace, String(args[0])))
  if (args.length > 0) throw new Error(`${name}() with arguments is not emulated`)
  if (name === 'success') return status === 'success'
  if (name === 'failure') return status === 'failure'
  if (name === 'always') return true
  if (name === 'cancelled') return false
  throw new Error(`${name}() is not emulated`)
}

/** Plain paths only: a pattern would be a file that isn't there. */
function hashFile(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex')
}
