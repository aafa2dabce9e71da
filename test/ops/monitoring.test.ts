// Renown, Prometheus and Alertmanager running together with the files of ops/: every query of every dashboard has an
// answer, and alerts fire and arrive.
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createKey } from '../../packages/server/src/auth/keys.ts'
import { type SourceServer, startSourceServer } from '../support/source-server.ts'
import { readDashboards, type ShownDashboard } from './support/dashboards.ts'
import { makeHistory, makeMetrics } from './support/history.ts'
import { type Monitoring, missingPrograms, startMonitoring } from './support/monitoring.ts'
import { exemplarTraces, labelValues, troubleWith } from './support/prometheus-api.ts'

const MINUTES = 60_000
const missing = missingPrograms()
const dashboards = readDashboards()
let folder = ''
let key = ''
let renown: SourceServer
/** One that fails whatever takes a while, and lets few requests a second in. */
let failing: SourceServer
let monitoring: Monitoring
let made: Server
const delivered: { receiver: string; alert: string; status: string; runbook: string }[] = []
const RUNBOOKS = 'http://runbooks.test/pages'
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
let driving = true

beforeAll(async () => {
  if (missing !== '') return
  folder = mkdtempSync(join(tmpdir(), 'renown-monitoring-'))
  const homes = [join(folder, 'home'), join(folder, 'other-home')] as const
  key = (await createKey({ home: homes[0], name: 'prometheus', scopes: ['read', 'write'] })).key
  mkdirSync(homes[1], { recursive: true })
  cpSync(join(homes[0], 'keys.json'), join(homes[1], 'keys.json'))
  made = await serveMadeUp()
  const webhook = `http://127.0.0.1:${portOf(made)}`
  const common = { RENOWN_CANARY_SECONDS: '1', RENOWN_LOG_LEVEL: 'warn', RENOWN_THREADS: '1' }
  ;[renown, failing] = await Promise.all([
    startSourceServer(homes[0], { ...common, RENOWN_TRACES_ENDPOINT: webhook }),
    startSourceServer(homes[1], { ...common, RENOWN_REQUEST_DEADLINE: '1', RENOWN_RATE_LIMIT: '5' }),
  ])
  const hosts = [renown.url, failing.url].map((url) => new URL(url).host)
  const targets = { renown: [...hosts, `127.0.0.1:${portOf(made)}`], training: [`127.0.0.1:${portOf(made)}`] }
  const history = makeHistory(Math.floor(Date.now() / 1000))
  monitoring = await startMonitoring({ folder, targets, key, webhook, history, runbooks: RUNBOOKS })
  void drive()
}, 8 * MINUTES)

afterAll(async () => {
  driving = false
  await monitoring?.stop()
  await Promise.all([renown?.stop(), failing?.stop()])
  made?.close()
  if (folder !== '') rmSync(folder, { recursive: true, force: true })
}, 2 * MINUTES)

/** Metrics that take days to come about, a webhook that keeps what arrives, and where traces go. */
async function serveMadeUp(): Promise<Server> {
  const started = Date.now()
  const server = createServer(async (request, response) => {
    if (request.method === 'POST') {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const receiver = (request.url ?? '').slice(1)
      if (receiver === 'v1/traces') return void response.end()
      const body = JSON.parse(Buffer.concat(chunks).toString()) as {
        alerts: { status: string; labels: Record<string, string>; annotations: Record<string, string> }[]
      }
      for (const { status, labels, annotations } of body.alerts)
        delivered.push({ receiver, status, alert: labels.alertname ?? '', runbook: annotations.runbook_url ?? '' })
      response.end()
      return
    }
    const seconds = (Date.now() - started) / 1000
    response.setHeader('content-type', 'text/plain; version=0.0.4')
    response.end(makeMetrics('server', seconds) + makeMetrics('training', seconds))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port
}

/** Single posts, repeated ones, batches and bad requests, one after the other. */
async function drive(): Promise<void> {
  for (let round = 0; driving; round++) {
    const texts = [`What a day, number ${round}`, 'It is open on Mondays', `Never again, ${round} times never`]
    await post(renown.url, '/predict', { text: texts[round % 3] })
    if (round % 5 === 0) await post(renown.url, '/predict/batch', { texts })
    if (round % 7 === 0) await post(renown.url, '/predict', { text: '' })
    await sleep(50)
  }
}

async function post(url: string, path: string, body: object): Promise<void> {
  const headers = {
    'content-type': 'application/json',
    authorization: `Bearer ${key}`,
    traceparent: `00-${TRACE}-00f067aa0ba902b7-01`,
  }
  const response = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) }).catch(() => null)
  await response?.arrayBuffer()
}

describe('the configuration', () => {
  test('is accepted by promtool, and by Prometheus and Alertmanager, which run with it', (context) => {
    context.skip(missing !== '', missing)
    const check = spawnSync('promtool', ['check', 'config', 'prometheus.yaml'], { cwd: folder, encoding: 'utf8' })
    expect(check.stderr + check.stdout).not.toMatch(/FAILED/)
    expect(check.status).toBe(0)
  })

  test('finds every target that there is', { timeout: 3 * MINUTES }, async (context) => {
    context.skip(missing !== '', missing)
    const up = async (): Promise<number> => (await healthyTargets()).length
    await expect.poll(up, { timeout: 2 * MINUTES, interval: 1000 }).toBe(6)
  })
})

async function healthyTargets(): Promise<readonly string[]> {
  const answer = await fetch(`${monitoring.prometheus}/api/v1/targets?state=active`)
  const { data } = (await answer.json()) as { data: { activeTargets: { health: string; scrapeUrl: string }[] } }
  return data.activeTargets.filter(({ health }) => health === 'up').map(({ scrapeUrl }) => scrapeUrl)
}

describe.each(dashboards.map((dashboard) => [dashboard.title, dashboard] as const))('%s', (_, dashboard) => {
  test('every variable has values', { timeout: 3 * MINUTES }, async (context) => {
    context.skip(missing !== '', missing)
    for (const { query } of dashboard.variables) {
      const values = () => labelValues(monitoring.prometheus, query)
      await expect.poll(values, { timeout: 2 * MINUTES, interval: 1000, message: query }).not.toEqual([])
    }
  })

  test('every query of every panel has an answer', { timeout: 4 * MINUTES }, async (context) => {
    context.skip(missing !== '', missing)
    // Some are made of what is recorded from several scrapes.
    await expect.poll(() => findTrouble(dashboard), { timeout: 3 * MINUTES, interval: 2000 }).toEqual([])
  })

  test('every annotation can be asked for', { timeout: 2 * MINUTES }, async (context) => {
    context.skip(missing !== '', missing)
    for (const expr of dashboard.annotations)
      expect([expr, await troubleWith(monitoring.prometheus, expr, false)]).toEqual([
        expr,
        expect.toBeOneOf([null, 'empty']),
      ])
  })
})

test('requests keep their traces beside the latency', { timeout: 2 * MINUTES }, async (context) => {
  context.skip(missing !== '', missing)
  const traces = () => exemplarTraces(monitoring.prometheus, 'http_requests_latency_seconds_bucket{job="renown"}')
  await expect.poll(traces, { timeout: MINUTES, interval: 1000 }).toContain(TRACE)
})

async function findTrouble({ queries }: ShownDashboard): Promise<object[]> {
  const asked = queries.map(async ({ panel, expr, instant }) => {
    const trouble = await troubleWith(monitoring.prometheus, expr, instant)
    return trouble === null ? [] : [{ panel, expr, trouble }]
  })
  return (await Promise.all(asked)).flat()
}

describe('alerts', () => {
  const arrived = (receiver: string, status = 'firing') =>
    delivered.filter((it) => it.receiver === receiver && it.status === status).map(({ alert }) => alert)
  const patience = { timeout: 4 * MINUTES, interval: 500 }

  test('the watchdog arrives from the start', { timeout: 5 * MINUTES }, async (context) => {
    context.skip(missing !== '', missing)
    await expect.poll(() => arrived('watchdog'), patience).toContain('Watchdog')
  })

  test('a canary whose answers changed arrives, with a link to its runbook', {
    timeout: 5 * MINUTES,
  }, async (context) => {
    context.skip(missing !== '', missing)
    await expect.poll(() => arrived('page'), patience).toContain('CanaryChanged')
    const runbook = delivered.find(({ alert }) => alert === 'CanaryChanged')?.runbook
    expect(runbook).toBe(`${RUNBOOKS}/CanaryChanged.md`)
  })

  test('where nothing answers, or fast burning is told, the rest is held back', {
    timeout: MINUTES,
  }, async (context) => {
    context.skip(missing !== '', missing)
    const alert = (job: string, alertname: string, labels: object): object => ({
      labels: { job, alertname, ...labels },
    })
    const given = [
      alert('gone', 'RenownDown', { severity: 'page' }),
      alert('gone', 'QueueWaitsLong', { severity: 'ticket', instance: 'a' }),
      alert('one-gone', 'ReplicaDown', { severity: 'ticket', instance: 'a' }),
      alert('one-gone', 'CanaryChanged', { severity: 'page', instance: 'b' }),
      alert('slow', 'LatencyBurnsFast', { severity: 'page', objective: 'latency' }),
      alert('slow', 'LatencyBurnsSlowly', { severity: 'ticket', objective: 'latency' }),
      alert('slow', 'AvailabilityBurnsSlowly', { severity: 'ticket', objective: 'availability' }),
    ]
    const alerts = `${monitoring.alertmanager}/api/v2/alerts`
    const headers = { 'content-type': 'application/json' }
    expect((await fetch(alerts, { method: 'POST', headers, body: JSON.stringify(given) })).status).toBe(200)
    const heldBack = async (): Promise<readonly string[]> => {
      const all = (await (await fetch(alerts)).json()) as {
        labels: { job?: string; alertname: string }
        status: { state: string }
      }[]
      return all
        .filter(({ status, labels }) => status.state === 'suppressed' && labels.job !== 'renown')
        .map(({ labels }) => `${labels.job} ${labels.alertname}`)
        .sort()
    }
    await expect
      .poll(heldBack, { timeout: 30_000, interval: 500 })
      .toEqual(['gone QueueWaitsLong', 'slow LatencyBurnsSlowly'])
  })

  test('failures and refusals arrive, each where it belongs', { timeout: 5 * MINUTES }, async (context) => {
    context.skip(missing !== '', missing)
    let more = true
    const flood = async (): Promise<void> => {
      for (let round = 0; more; round++) {
        const text = `A long story that takes a while to read, told for the ${round}th time. `.repeat(20)
        await Promise.all(
          Array.from({ length: 4 }, (_, index) => post(failing.url, '/predict', { text: text + index })),
        )
        await sleep(200)
      }
    }
    const flooding = flood()
    try {
      await expect.poll(() => arrived('page'), patience).toContain('AvailabilityBurnsFast')
      await expect.poll(() => arrived('ticket'), patience).toContain('RequestsRefused')
    } finally {
      more = false
      await flooding
    }
    await expect.poll(() => arrived('ticket', 'resolved'), patience).toContain('RequestsRefused')
  })

  test('a replica that is gone arrives', { timeout: 5 * MINUTES }, async (context) => {
    context.skip(missing !== '', missing)
    expect(await failing.stop()).toBe(0)
    await expect.poll(() => arrived('ticket'), patience).toContain('ReplicaDown')
  })
})
