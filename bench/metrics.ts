// What recording metrics costs POST /predict, in processor time, and what a scrape of four models and thirty routes takes
// under load.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { withTemporaryFolder } from './support/folders.ts'
import { runLoad } from './support/load.ts'
import type { MetricsRequest } from './support/metrics-child.ts'
import { atMost, progress, publish } from './support/report.ts'
import { median, percentile, round } from './support/statistics.ts'

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '60' },
    requests: { type: 'string', default: '2000' },
    scrapes: { type: 'string', default: '100' },
  },
})
const pairs = Number(values.pairs)
const requests = Number(values.requests)
const scrapes = Number(values.scrapes)
const CONNECTIONS = 8
/** So few texts that all answers are remembered: nothing but HTTP and metrics is left to be measured. */
const TEXTS = Array.from({ length: 64 }, (_, index) => `The ferry of line ${index} was late again.`)
const FILL = { models: 3, routes: 30 }

interface MeasuredServer {
  readonly url: string
  readonly metricsUrl: string
  /** Microseconds of processor time so far, for `processor`. */
  ask(request: MetricsRequest): Promise<unknown>
  stop(): Promise<void>
}

async function start(home: string): Promise<MeasuredServer> {
  const child = fork(fileURLToPath(new URL('./support/metrics-child.ts', import.meta.url)), [home])
  const [{ address, metricsAddress }] = (await once(child, 'message')) as [{ address: string; metricsAddress: string }]
  return {
    url: address,
    metricsUrl: metricsAddress,
    async ask(request) {
      child.send(request)
      const [answer] = (await once(child, 'message')) as [unknown]
      return answer
    },
    async stop() {
      child.send('stop')
      await once(child, 'exit')
    },
  }
}

const AN_HOUR = 3600

function load(url: string, most: number, seconds: number): ReturnType<typeof runLoad> {
  let index = 0
  const nextText = (): string | null => (index < most ? (TEXTS[index++ % TEXTS.length] ?? '') : null)
  return runLoad({ url, connections: CONNECTIONS, seconds, nextText })
}

/** Microseconds of the server's processor time for each request. */
interface Pair {
  readonly recording: number
  readonly silent: number
}

/** The two of a pair follow each other at once, in turns first and second. */
async function measurePair(server: MeasuredServer, turn: number): Promise<Pair> {
  const costs = { recording: 0, silent: 0 }
  for (const name of turn % 2 === 0 ? (['recording', 'silent'] as const) : (['silent', 'recording'] as const)) {
    await server.ask({ record: name === 'recording' })
    const before = Number(await server.ask('processor'))
    await load(server.url, requests, AN_HOUR)
    costs[name] = (Number(await server.ask('processor')) - before) / requests
  }
  return costs
}

interface ScrapeSample {
  readonly ms: number
  /** Inside the server, of the scrape before. */
  readonly insideMs: number
  readonly series: number
  readonly bytes: number
}

async function scrapeOnce(url: string, accept: string): Promise<ScrapeSample> {
  const started = performance.now()
  const text = await (await fetch(url, { headers: { accept } })).text()
  const ms = performance.now() - started
  const insideMs = 1000 * Number(/^renown_metrics_scrape_seconds (\S+)$/m.exec(text)?.[1])
  return {
    ms,
    insideMs,
    series: text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length,
    bytes: text.length,
  }
}

async function measureScrapes(server: MeasuredServer): Promise<readonly ScrapeSample[]> {
  await server.ask({ record: true })
  await server.ask({ fill: FILL })
  const samples: ScrapeSample[] = []
  const loading = load(server.url, Number.POSITIVE_INFINITY, 0.2 * scrapes)
  for (let scrape = 0; scrape < scrapes; scrape++) {
    const accept = scrape % 2 === 0 ? 'text/plain' : 'application/openmetrics-text; version=1.0.0'
    samples.push(await scrapeOnce(server.metricsUrl, accept))
    await sleep(100)
  }
  await loading
  return samples
}

await withTemporaryFolder(async (home) => {
  const server = await start(home)
  try {
    await load(server.url, 5 * requests, AN_HOUR)
    const measured: Pair[] = []
    for (let turn = 0; turn < pairs; turn++) measured.push(await measurePair(server, turn))
    const costs = measured.map(({ recording, silent }) => 100 * (1 - silent / recording))
    // What disturbs a round only ever adds to it: the quickest quarter tells most.
    const quick = (name: keyof Pair): number =>
      percentile(
        measured.map((pair) => pair[name]),
        25,
      )
    const cost = 100 * (1 - quick('silent') / quick('recording'))
    progress(`cost of recording: ${round(cost, 2)} %`)
    const samples = await measureScrapes(server)
    const times = samples.map(({ ms }) => ms)
    const series = Math.max(...samples.map((sample) => sample.series))
    publish('metrics', {
      settings: { pairs, requests, scrapes, connections: CONNECTIONS, ...FILL },
      rows: [
        { figure: 'processor µs a request, recording', value: round(quick('recording')) },
        { figure: 'processor µs a request, silent', value: round(quick('silent')) },
        {
          figure: 'cost % of pairs, quartiles',
          value: [25, 50, 75].map((rank) => round(percentile(costs, rank), 2)).join(' / '),
        },
        {
          figure: 'scrape under load ms, p50 / p95',
          value: [50, 95].map((rank) => round(percentile(times, rank))).join(' / '),
        },
        {
          figure: 'inside the server ms, p50',
          value: round(median(samples.slice(1).map(({ insideMs }) => insideMs)), 2),
        },
        { figure: 'KB of a scrape', value: round(Math.max(...samples.map(({ bytes }) => bytes)) / 1024, 0) },
        { figure: 'series', value: series },
      ],
      targets: [
        atMost('cost of metrics on /predict throughput, %', cost, 2),
        atMost('scrape under load, ms', median(times), 30),
        atMost('series', series, 2000),
      ],
      samples: { costs: costs.map((cost) => round(cost, 2)), scrapes: times.map((ms) => round(ms, 1)) },
    })
  } finally {
    await server.stop()
  }
})
