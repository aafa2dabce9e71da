// For the tests: a server on a temporary folder, with a small engine whose answers follow from the text.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { EngineError } from '@renown/inference'
import type { ModelFolder } from '@renown/models'
import type { Classification, ClassifyOptions, ClassifyOutcome, Sentiment } from '@renown/reputation'
import { pino } from 'pino'
import { type App, buildApp } from './app.ts'
import { readConfig } from './config/read-config.ts'
import type { Config, SettingName } from './config/settings.ts'
import { type Context, createContext } from './context.ts'
import type { Deployment, DeploymentStatus } from './deployment/status.ts'
import { createFoundation, type Overrides, type Served } from './foundation.ts'
import type { SentimentEngine } from './ports.ts'
import { type StartedServer, startServer } from './start-server.ts'

export interface TestEngine extends SentimentEngine {
  /** Every text that was classified. */
  readonly seen: string[]
  /** What each call asked for. */
  readonly calls: Pick<ClassifyOptions, 'priority' | 'whenFull'>[]
  /** How many calls were given up by their signal. */
  aborted: number
  /** Milliseconds that each call takes. */
  delayMs: number
  /** Seconds; null: there is room. */
  overloadedFor: number | null
  /** What the next calls end in. */
  failure: Error | null
  ready: boolean
  closed: boolean
}

const HAPPY = /good|great|joy|thank/i
const ANGRY = /bad|awful|outage|late/i

export function createTestEngine(): TestEngine {
  const known = new Set<string>()
  const stats = { entries: 0, hits: 0, misses: 0 }

  function classifyOne(text: string): ClassifyOutcome {
    if (text === 'unreadable') return { error: { code: 'TEXT_UNREADABLE', message: 'The text cannot be read.' } }
    const cached = known.has(text)
    known.add(text)
    if (cached) stats.hits++
    else stats.misses++
    return { ...scoreOf(text), windows: 1 + Math.floor(text.length / 500), model: 'test-1', cached }
  }

  async function delay({ signal, deadlineMs = Number.POSITIVE_INFINITY }: ClassifyOptions): Promise<void> {
    await sleep(Math.min(engine.delayMs, deadlineMs), undefined, signal === undefined ? {} : { signal }).catch(() => {
      engine.aborted++
      throw new EngineError('ABORTED', 'the caller went away')
    })
    if (deadlineMs < engine.delayMs) throw new EngineError('DEADLINE_EXCEEDED', 'too late')
  }

  const engine: TestEngine = {
    seen: [],
    calls: [],
    aborted: 0,
    delayMs: 0,
    failure: null,
    ready: true,
    overloadedFor: null,
    closed: false,
    async classify(texts: readonly string[], options: ClassifyOptions = {}) {
      engine.seen.push(...texts)
      const { priority = 'interactive', whenFull = 'refuse' } = options
      engine.calls.push({ priority, whenFull })
      if (engine.failure !== null) throw engine.failure
      if (engine.delayMs > 0) await delay(options)
      return texts.map(classifyOne)
    },
    model: () => ({
      name: 'test',
      version: 'test-1',
      hash: 'a'.repeat(64),
      labels: ['negative', 'neutral', 'positive'],
      encoding: 'float32',
      window: 128,
      temperature: 1,
      loadedAt: new Date(0),
      file: 'model.safetensors',
    }),
    overloaded: () => engine.overloadedFor,
    stats: () => ({
      queuedTexts: 0,
      queuedTokens: 0,
      runningTokens: 0,
      peakTexts: 0,
      peakTokens: 0,
      boundTokens: 1000,
      cache: stats,
    }),
    health: () => ({ ready: engine.ready, reason: engine.ready ? null : 'a run hangs' }),
    async close() {
      engine.closed = true
    },
  }
  return engine
}

export interface TestDeployment extends Deployment {
  /** What it says; tests replace it. */
  state: DeploymentStatus
  /** What it was told, such as `rollback: too slow`. */
  readonly told: string[]
}

export function createTestDeployment(): TestDeployment {
  const { name, version, hash } = createTestEngine().model()
  const deployment: TestDeployment = {
    state: {
      following: null,
      serving: { reference: 'default', name, version, hash, since: '2026-01-01T00:00:00.000Z' },
      previous: null,
      loading: null,
      refused: [],
      checked: null,
      challenger: null,
    },
    told: [],
    status: () => deployment.state,
    check: async () => tell('check'),
    rollback: async (reason) => tell(`rollback: ${reason}`),
    allow: async (reference) => tell(`allow: ${reference}`),
  }
  function tell(what: string): DeploymentStatus {
    deployment.told.push(what)
    return deployment.state
  }
  return deployment
}

function scoreOf(text: string): Pick<Classification, 'label' | 'score' | 'scores'> {
  const label: Sentiment = HAPPY.test(text) ? 'positive' : ANGRY.test(text) ? 'negative' : 'neutral'
  const score = 0.5 + (text.length % 50) / 100
  const rest = (1 - score) / 2
  const scores = { negative: rest, neutral: rest, positive: rest, [label]: score }
  return { label, score, scores }
}

export const TEST_FOLDER: ModelFolder = {
  path: '/nowhere',
  hash: 'a'.repeat(64),
  card: '# test\n',
  derived: true,
  manifest: {
    format: 1,
    name: 'test',
    version: 'test-1',
    parent: null,
    base: { name: 'nobody/base' },
    license: 'apache-2.0',
    created: '2026-01-01T00:00:00Z',
    labels: ['negative', 'neutral', 'positive'],
    temperature: 1,
    preparation: { mentions: 'keep', urls: 'keep', entities: 'keep', escapes: 'keep' },
    training: null,
    evaluations: [
      {
        file: 'onnx/model.onnx',
        encoding: 'float32',
        dataSet: 'made/up',
        split: 'test',
        rows: 10,
        sha256: 'b'.repeat(64),
        metrics: { macroRecall: { value: 0.7, low: 0.6, high: 0.8 }, accuracy: { value: 0.7 } },
        perClass: [{ label: 'negative', precision: 1, recall: 0.5, f1: 0.66, support: 4 }],
        confusion: [
          [1, 2, 3],
          [4, 5, 6],
          [7, 8, 9],
        ],
      },
    ],
    files: {},
  },
}

export interface TestOptions {
  readonly config?: Partial<Record<SettingName, unknown>>
  /** Variables of OpenTelemetry. */
  readonly otel?: Readonly<Record<string, string>>
  readonly home?: string
  readonly now?: () => number
  readonly pageFolder?: string
  /** That serves; one without files unless given. */
  readonly folder?: ModelFolder
  /** Collects the lines of the log. */
  readonly log?: string[]
}

export interface TestServer {
  readonly app: App
  readonly context: Context
  readonly engine: TestEngine
  readonly deployment: TestDeployment
  readonly home: string
  /** With the temporary folder. */
  close(): Promise<void>
}

/** The app alone, to be injected into. */
export async function openTestApp(options: TestOptions = {}): Promise<TestServer> {
  const home = options.home ?? (await mkdtemp(join(tmpdir(), 'renown-server-')))
  const engine = createTestEngine()
  const deployment = createTestDeployment()
  const foundation = await createFoundation(testConfig(home, options), testOverrides(options))
  const context = await createContext(foundation)
  context.serving.set({ engine, folder: options.folder ?? TEST_FOLDER, deployment })
  context.scorings.resume()
  foundation.predictionMetrics.announceModel('test-1')
  const app = await buildApp(context)
  return {
    app,
    context,
    engine,
    deployment,
    home,
    async close() {
      context.stop()
      await context.scorings.close()
      await app.close()
      await context.keys.close()
      context.processMetrics.close()
      await context.tracing?.close()
      await rm(home, { recursive: true, force: true })
    },
  }
}

export interface ListeningServer {
  readonly server: StartedServer
  readonly engine: TestEngine
  readonly deployment: TestDeployment
  readonly home: string
  readonly url: string
  /** How many readers of events there are. */
  watchers(): number
  /** Removes what has expired. */
  sweep(): Promise<void>
  close(): Promise<void>
}

/** The whole server, on a free port. */
export async function openTestServer(options: TestOptions = {}): Promise<ListeningServer> {
  const home = options.home ?? (await mkdtemp(join(tmpdir(), 'renown-server-')))
  const engine = createTestEngine()
  const deployment = createTestDeployment()
  const serve = async (): Promise<Served> => ({ engine, folder: options.folder ?? TEST_FOLDER, deployment })
  const server = await startServer(testConfig(home, options), { ...testOverrides(options), serve })
  const { scorings } = server.context
  return {
    server,
    engine,
    deployment,
    home,
    url: server.address,
    watchers: () => scorings.list().reduce((sum, job) => sum + job.watchers(), 0),
    sweep: async () => await scorings.sweep(),
    async close() {
      await server.close()
      await rm(home, { recursive: true, force: true })
    },
  }
}

function testConfig(home: string, { config = {}, otel = {} }: TestOptions): Config {
  return readConfig({ flags: { home, port: 0, canarySeconds: 0, ...config }, otel }).config
}

function testOverrides({ now, pageFolder, log }: TestOptions): Overrides {
  const write = (line: string): void => {
    log?.push(line)
  }
  return {
    ...(now === undefined ? {} : { now }),
    ...(pageFolder === undefined ? {} : { pageFolder }),
    logger: pino({ level: log === undefined ? 'silent' : 'trace' }, { write }),
  }
}

/** A multipart body with one file and some fields. */
export function multipart(
  content: string | Buffer,
  name = 'posts.csv',
  fields: Readonly<Record<string, string>> = {},
): { readonly payload: Buffer; readonly headers: Record<string, string> } {
  const boundary = 'x-renown-boundary'
  const parts = Object.entries(fields).map(
    ([field, value]) => `--${boundary}\r\ncontent-disposition: form-data; name="${field}"\r\n\r\n${value}\r\n`,
  )
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: application/octet-stream\r\n\r\n`
  const payload = Buffer.concat([
    Buffer.from(parts.join('') + head),
    Buffer.from(content),
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ])
  return { payload, headers: { 'content-type': `multipart/form-data; boundary=${boundary}` } }
}
