// A workflow of GitHub Actions, read strictly: a key that the emulator doesn't know is an error, not something left out.
import { parse } from 'yaml'

export interface WorkflowStep {
  /** Its name in messages: name, uses or run. */
  readonly title: string
  readonly id: string | null
  readonly if: string | null
  readonly run: string | null
  readonly uses: string | null
  readonly with: Readonly<Record<string, string>>
  readonly env: Readonly<Record<string, string>>
}

export interface WorkflowJob {
  readonly needs: readonly string[]
  readonly if: string | null
  /** Null where the job has none. */
  readonly permissions: Readonly<Record<string, string>> | null
  readonly timeoutMinutes: number | null
  readonly matrix: Readonly<Record<string, readonly string[]>>
  readonly env: Readonly<Record<string, string>>
  readonly steps: readonly WorkflowStep[]
}

export interface Workflow {
  /** Events with what they are limited to. */
  readonly on: Readonly<Record<string, { readonly branches?: readonly string[]; readonly inputs?: readonly string[] }>>
  readonly permissions: Readonly<Record<string, string>> | null
  readonly env: Readonly<Record<string, string>>
  readonly jobs: ReadonlyMap<string, WorkflowJob>
}

type Fields = Readonly<Record<string, unknown>>

export function readWorkflow(text: string): Workflow {
  const fields = readKeys('the workflow', parse(text), ['name', 'on', 'permissions', 'concurrency', 'env', 'jobs'])
  return {
    on: readEvents(fields.on),
    permissions: readPermissions(fields.permissions),
    env: readTexts('env', fields.env),
    jobs: new Map(Object.entries(readAny('jobs', fields.jobs)).map(([id, job]) => [id, readJob(id, job)])),
  }
}

function readEvents(on: unknown): Workflow['on'] {
  const known = readKeys('on', on, ['push', 'pull_request', 'schedule', 'workflow_dispatch'])
  return Object.fromEntries(Object.entries(known).map(([event, limits]) => [event, readLimits(event, limits)]))
}

function readLimits(event: string, limits: unknown): { branches?: readonly string[]; inputs?: readonly string[] } {
  if (event === 'schedule') return {}
  const { branches, inputs } = readKeys(`on.${event}`, limits ?? {}, ['branches', 'tags', 'inputs'])
  for (const [name, input] of Object.entries(readAny('inputs', inputs ?? {}))) {
    readKeys(`input ${name}`, input, ['description', 'type'])
  }
  return {
    ...(branches === undefined ? {} : { branches: readList('branches', branches) }),
    ...(inputs === undefined ? {} : { inputs: Object.keys(readAny('inputs', inputs)) }),
  }
}

const JOB_KEYS = ['needs', 'if', 'runs-on', 'timeout-minutes', 'permissions', 'concurrency', 'strategy', 'env', 'steps']

function readJob(id: string, job: unknown): WorkflowJob {
  const fields = readKeys(`job ${id}`, job, JOB_KEYS)
  const strategy = readKeys(`strategy of ${id}`, fields.strategy ?? {}, ['fail-fast', 'matrix'])
  const matrix = Object.entries(readAny('matrix', strategy.matrix ?? {}))
  const minutes = fields['timeout-minutes']
  return {
    needs: typeof fields.needs === 'string' ? [fields.needs] : readList('needs', fields.needs ?? []),
    if: readText('if', fields.if),
    permissions: readPermissions(fields.permissions),
    timeoutMinutes: typeof minutes === 'number' ? minutes : null,
    matrix: Object.fromEntries(matrix.map(([name, values]) => [name, readList(`matrix.${name}`, values)])),
    env: readTexts(`env of ${id}`, fields.env),
    steps: (fields.steps as unknown[]).map((step, index) => readStep(`step ${index + 1} of ${id}`, step)),
  }
}

function readStep(where: string, step: unknown): WorkflowStep {
  const fields = readKeys(where, step, ['id', 'name', 'if', 'run', 'uses', 'with', 'env'])
  const [run, uses] = [readText('run', fields.run), readText('uses', fields.uses)]
  if ((run === null) === (uses === null)) throw new Error(`${where}: expected either run or uses`)
  return {
    title: readText('name', fields.name) ?? uses ?? run ?? '',
    id: readText('id', fields.id),
    if: readText('if', fields.if),
    run,
    uses,
    with: readTexts(`with of ${where}`, fields.with),
    env: readTexts(`env of ${where}`, fields.env),
  }
}

function readPermissions(value: unknown): Readonly<Record<string, string>> | null {
  return value === undefined ? null : readTexts('permissions', value)
}

function readKeys(where: string, value: unknown, known: readonly string[]): Fields {
  const fields = readAny(where, value)
  const unknown = Object.keys(fields).filter((key) => !known.includes(key))
  if (unknown.length === 0) return fields
  throw new Error(`${where} has ${unknown.join(', ')}, which the emulator doesn't know`)
}

function readAny(where: string, value: unknown): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
  throw new Error(`${where}: expected names and values, got ${JSON.stringify(value)}`)
}

function readList(where: string, value: unknown): readonly string[] {
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value
  throw new Error(`${where}: expected a list of texts, got ${JSON.stringify(value)}`)
}

function readTexts(where: string, value: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries(readAny(where, value ?? {}))
  return Object.fromEntries(entries.map(([name, text]) => [name, readText(`${where}.${name}`, text) ?? '']))
}

function readText(where: string, value: unknown): string | null {
  if (value === undefined) return null
  if (['string', 'number', 'boolean'].includes(typeof value)) return String(value)
  throw new Error(`${where}: expected a text, got ${JSON.stringify(value)}`)
}
