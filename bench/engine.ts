// What HTTP and the command line cost: the engine alone against POST /predict, and in bulk against `renown predict FILE`.
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Engine, startEngine } from '@renown/inference'
import { resolveModel } from '@renown/models'
import { withTemporaryFolder } from './support/folders.ts'
import { nextOf, runLoad } from './support/load.ts'
import { predictFile, writeTextFile } from './support/predict-command.ts'
import { atLeast, progress, publish } from './support/report.ts'
import { startRenown } from './support/servers.ts'
import { median, pairedRatio, round } from './support/statistics.ts'
import { distinctTexts, shuffle } from './support/texts.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '15' },
    rounds: { type: 'string', default: '3' },
    'warm-up': { type: 'string', default: '10' },
    texts: { type: 'string' },
  },
})
const seconds = Number(values.seconds)
const rounds = Number(values.rounds)
const warmUpSeconds = Number(values['warm-up'])
const CONNECTIONS = 32
const BULK_CALL = 512
const texts = shuffle(distinctTexts(), 2)
/** Before the clock starts, on both paths: V8 compiles what a path runs while its first few thousand texts go by. */
const warmUpTexts = texts.map((text) => `${text} …`)
const bulkTexts = texts.slice(0, Number(values.texts ?? texts.length))

async function withEngine<T>(home: string, use: (engine: Engine) => Promise<T>): Promise<T> {
  const engine = await startEngine(await resolveModel('default', { home }))
  try {
    return await use(engine)
  } finally {
    await engine.close()
  }
}

/** What a path did, and the processor time that its process took for a text. */
interface Sample {
  readonly textsPerSecond: number
  readonly cpuMs?: number
}

/** Callers that each wait for their answer before they ask again, as the connections do. */
async function callEngine(engine: Engine, own: readonly string[], time: number): Promise<number> {
  const next = nextOf(own)
  const end = performance.now() + time * 1000
  let answered = 0
  const caller = async (): Promise<void> => {
    for (let text = next(); text !== null && performance.now() < end; text = next()) {
      await engine.classify([text])
      answered++
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, caller))
  return answered
}

async function engineAlone(home: string): Promise<Sample> {
  return withEngine(home, async (engine) => {
    await callEngine(engine, warmUpTexts, warmUpSeconds)
    const cpu = process.cpuUsage()
    const start = performance.now()
    const answered = await callEngine(engine, texts, seconds)
    const { user, system } = process.cpuUsage(cpu)
    return {
      textsPerSecond: answered / ((performance.now() - start) / 1000),
      cpuMs: (user + system) / 1000 / answered,
    }
  })
}

async function overHttp(home: string): Promise<Sample> {
  const server = await startRenown({ home })
  try {
    const load = { url: server.url, connections: CONNECTIONS }
    await runLoad({ ...load, seconds: warmUpSeconds, nextText: nextOf(warmUpTexts) })
    const cpu = server.process.cpuSeconds()
    const { requestsPerSecond, answered } = await runLoad({ ...load, seconds, nextText: nextOf(texts) })
    return { textsPerSecond: requestsPerSecond, cpuMs: ((server.process.cpuSeconds() - cpu) * 1000) / answered }
  } finally {
    await server.process.stop()
  }
}

async function engineInBulk(home: string): Promise<Sample> {
  return withEngine(home, async (engine) => {
    const start = performance.now()
    const calls: Promise<unknown>[] = []
    for (let i = 0; i < bulkTexts.length; i += BULK_CALL) {
      calls.push(engine.classify(bulkTexts.slice(i, i + BULK_CALL), { priority: 'bulk', whenFull: 'wait' }))
    }
    await Promise.all(calls)
    return { textsPerSecond: bulkTexts.length / ((performance.now() - start) / 1000) }
  })
}

const MEASURES = {
  'engine, 32 callers': engineAlone,
  'POST /predict, 32 connections': overHttp,
  'engine, bulk': engineInBulk,
} as const
const FILE = 'renown predict FILE, with its start'

await withTemporaryFolder(async (folder) => {
  const home = join(folder, 'home')
  const file = writeTextFile(join(folder, 'texts.jsonl'), bulkTexts)
  const samples: Record<string, Sample[]> = {}
  const keep = (name: string, sample: Sample): void => {
    progress(`${name}: ${round(sample.textsPerSecond)} texts/s`)
    samples[name] = [...(samples[name] ?? []), sample]
  }
  for (let turn = 0; turn < rounds; turn++) {
    for (const [name, run] of Object.entries(MEASURES)) keep(name, await run(home))
    const predicted = await predictFile(file, { home, output: join(folder, 'out.jsonl') })
    keep(FILE, { textsPerSecond: bulkTexts.length / predicted.seconds })
  }
  type Column = 'textsPerSecond' | 'cpuMs'
  const all = (name: string, column: Column): number[] =>
    (samples[name] ?? []).map((sample) => sample[column] ?? Number.NaN)
  const ratio = (name: string, other: string, column: Column): number =>
    pairedRatio(all(name, column), all(other, column))
  const [engine, http, bulk, command] = [...Object.keys(MEASURES), FILE] as [string, string, string, string]
  publish('engine', {
    settings: { seconds, warmUpSeconds, rounds, bulkTexts: bulkTexts.length },
    rows: Object.keys(samples).map((name) => ({
      path: name,
      'texts/s': round(median(all(name, 'textsPerSecond'))),
      'cpu ms/text': round(median(all(name, 'cpuMs')), 2),
    })),
    targets: [
      // The load generator takes its share of the same cores from the server; processor time doesn't count it.
      atLeast('POST /predict / engine', ratio(http, engine, 'textsPerSecond'), 0.85),
      atLeast('engine / POST /predict, processor time of a text', ratio(engine, http, 'cpuMs'), 0.85),
      atLeast('renown predict FILE / engine in bulk', ratio(command, bulk, 'textsPerSecond'), 0.9),
    ],
    samples,
  })
})
