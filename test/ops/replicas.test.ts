// Two replicas on one data folder, scraped by Prometheus: what the dashboards and rules of ops/ make of them.
import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createKey } from '../../packages/server/src/auth/keys.ts'
import { makeTestModel } from '../../packages/server/src/registry/test-models.ts'
import { type SourceServer, startSourceServer } from '../support/source-server.ts'
import { ROOT } from '../support/workspace.ts'
import { readDashboards } from './support/dashboards.ts'
import { makeHistory } from './support/history.ts'
import { type Monitoring, missingPrograms, startMonitoring } from './support/monitoring.ts'
import { readRules } from './support/promtool.ts'
import { addTold, bothTold, nothingTold, sinceStart, type Told, valuesBy, valuesOf } from './support/whole-counts.ts'

const MINUTES = 60_000
const missing = missingPrograms()
const expressions = readDashboards().flatMap(({ queries }) => queries.map(({ expr }) => expr))
let folder = ''
let key = ''
let first: SourceServer
let second: SourceServer
let monitoring: Monitoring
const told: [Told, Told] = [nothingTold(), nothingTold()]

beforeAll(async () => {
  if (missing !== '') return
  folder = mkdtempSync(join(tmpdir(), 'renown-replicas-'))
  const home = join(folder, 'home')
  key = (await createKey({ home, name: 'prometheus', scopes: ['read', 'write', 'admin'] })).key
  await makeTestModel(home, { name: 'candidate', version: 'v2', gate: {} })
  mkdirSync(join(home, 'gate'))
  const gate = { time: new Date().toISOString(), set: 'a', candidate: 'b', rows: 3, verdict: 'pass' }
  appendFileSync(join(home, 'gate/evaluations.jsonl'), `${JSON.stringify(gate)}\n`)
  const settings = {
    RENOWN_MODEL: join(ROOT, 'packages/ml/fixtures/tiny-bert'),
    RENOWN_CANARY_SECONDS: '0',
    RENOWN_LOG_LEVEL: 'warn',
    RENOWN_THREADS: '1',
    RENOWN_RATE_LIMIT: '5',
  }
  ;[first, second] = await Promise.all([startSourceServer(home, settings), startSourceServer(home, settings)])
  const targets = { renown: [first, second].map(({ url }) => new URL(url).host), training: [] }
  const history = makeHistory(Math.floor(Date.now() / 1000) - 86_400)
  const nobody = 'http://127.0.0.1:9'
  monitoring = await startMonitoring({ folder, targets, key, webhook: nobody, history, runbooks: nobody })
  await Promise.all([drive(first, told[0], 12), drive(second, told[1], 40)])
}, 8 * MINUTES)

afterAll(async () => {
  await monitoring?.stop()
  await Promise.all([first?.stop(), second?.stop()])
  if (folder !== '') rmSync(folder, { recursive: true, force: true })
}, 2 * MINUTES)

/** So many posts at once, of which the limit lets some in, and one that is none. */
async function drive(replica: SourceServer, kept: Told, count: number): Promise<void> {
  const texts = ['', ...Array.from({ length: count }, (_, at) => `Number ${at} of ${count} is on its way`)]
  await Promise.all(
    texts.map(async (text) => {
      const response = await post(replica, '/predict', { text })
      addTold(kept, response.status, await response.json())
    }),
  )
}

async function post({ url }: SourceServer, path: string, body: object): Promise<Response> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` }
  return await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) })
}

/** The query of a dashboard that is made of these. */
function shown(...parts: readonly string[]): string {
  const found = expressions.find((expr) => parts.every((part) => expr.includes(part)))
  if (found === undefined) throw new Error(`no query with ${parts.join(' and ')}`)
  return found
}

function recorded(name: string): string {
  const found = readRules().find(({ record }) => record === name)
  if (found === undefined) throw new Error(`no rule ${name}`)
  return found.expr
}

const oneReplica = (expr: string, { url }: SourceServer): string =>
  expr.replaceAll('instance=~".*"', `instance="${new URL(url).host}"`)
const numberOf = async (expr: string): Promise<number> =>
  (await valuesOf(monitoring.prometheus, expr))[0]?.value ?? Number.NaN
const patience = { timeout: 2 * MINUTES, interval: 1000 }
const sum = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((a, b) => a + b, 0)

test('what both counted is summed', { timeout: 5 * MINUTES }, async (context) => {
  context.skip(missing !== '', missing)
  const all = bothTold(...told)
  expect(all.status['429']).toBeGreaterThan(0)
  const predict = (expr: string): string => sinceStart(expr).replaceAll('handler=~".*"', 'handler="/predict"')
  const statuses = predict(shown('sum by (status) (rate(http_requests_total'))
  await expect.poll(() => valuesBy(monitoring.prometheus, 'status', statuses), patience).toEqual(all.status)
  const volume = expressions.find((expr) => /^sum by \(label\) \(rate\(sentiment_[^/]*$/.test(expr)) ?? ''
  const labels = sinceStart(volume)
  expect(await valuesBy(monitoring.prometheus, 'label', labels)).toEqual(all.label)
  expect(await numberOf(sinceStart(recorded('job:renown_predictions:rate5m')))).toBe(all.status['200'])
  for (const [at, replica] of [first, second].entries())
    expect(await valuesBy(monitoring.prometheus, 'status', oneReplica(statuses, replica))).toEqual(told[at]?.status)
})

test('the 99th percentile is of all answers: their buckets are added, and it lies between those of the two', {
  timeout: 2 * MINUTES,
}, async (context) => {
  context.skip(missing !== '', missing)
  const quantile = sinceStart(shown('histogram_quantile(0.99, sum by (le) (rate(http_requests_latency'))
  const ofEach = await Promise.all(
    [first, second].map(async (replica) => await numberOf(oneReplica(quantile, replica))),
  )
  const whole = await numberOf(quantile)
  expect(whole).toBeGreaterThanOrEqual(Math.min(...ofEach))
  expect(whole).toBeLessThanOrEqual(Math.max(...ofEach))
  const answers = sinceStart(shown('sum by (le) (increase(http_requests_latency_seconds_bucket'))
  const buckets = await valuesBy(monitoring.prometheus, 'le', answers)
  expect(buckets['+Inf']).toBe(sum(bothTold(...told).status))
})

test('what each has of its own is shown for each, and who can answer is counted', {
  timeout: 2 * MINUTES,
}, async (context) => {
  context.skip(missing !== '', missing)
  const hosts = [first, second].map(({ url }) => new URL(url).host).sort()
  for (const name of ['renown_inference_peak_tokens', 'process_resident_memory_bytes']) {
    const values = await valuesOf(monitoring.prometheus, shown(name))
    expect([name, ...values.map(({ metric }) => metric.instance).sort()]).toEqual([name, ...hosts])
  }
  expect(await numberOf(shown('renown_inference_ready'))).toBe(2)
})

test('registry and gate of the folder that they share are counted once', { timeout: 4 * MINUTES }, async (context) => {
  context.skip(missing !== '', missing)
  const added = await post(first, '/api/v1/registry/versions', { reference: 'candidate', reason: 'a second opinion' })
  expect(added.status).toBe(202)
  const series = async (): Promise<number> => await numberOf('count(renown_registry_events_total{kind="added"} == 1)')
  await expect.poll(series, patience).toBe(2)
  const events = sinceStart(shown('increase(renown_registry_events_total'))
  expect(await valuesBy(monitoring.prometheus, 'kind', events)).toEqual({ added: 1 })
  const gates = sinceStart(shown('increase(renown_gate_runs_total'))
  expect(await valuesBy(monitoring.prometheus, 'verdict', gates)).toEqual({ pass: 1 })
  expect(await valuesBy(monitoring.prometheus, 'verdict', shown('renown_gate_last_verdict'))).toEqual({ pass: 1 })
  expect(await numberOf(shown('max(renown_registry_versions'))).toBe(1)
})

test('where one is gone, shares are those of the other', { timeout: 5 * MINUTES }, async (context) => {
  context.skip(missing !== '', missing)
  await second.stop()
  await expect.poll(() => numberOf(shown('renown_inference_ready')), patience).toBe(1)
  const mix = sinceStart(shown('ignoring (label) group_left'))
  const shares = await valuesBy(monitoring.prometheus, 'label', mix)
  const { label, status } = told[0]
  for (const [name, count] of Object.entries(label)) expect(shares[name]).toBeCloseTo(count / sum(label), 10)
  expect(sum(shares)).toBeCloseTo(1, 10)
  const asked = sinceStart(recorded('job:renown_requests:rate5m'))
  expect(await numberOf(asked)).toBe(sum(status) + 1)
  const failed = sinceStart(recorded('job:renown_failures:rate5m'))
  expect(await numberOf(`(${failed}) / (${asked})`)).toBe(0)
})
