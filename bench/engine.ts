// What HTTP and the command line cost: the engine alone against POST /predict, and in bulk against `renown predict FILE`.
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Engine, startEngine } from '@renown/inference'
import { resolveModel } from '@renown/models'
import { withTemporaryFolder } from './support/folders.ts'
import { runLoad } from './support/load.ts'
import { predictFile, writeTextFile } from './support/predict-command.ts'
import { atLeast, progress, publish } from './support/report.ts'
import { type RunningServer, startRenown } from './support/servers.ts'
import { median, pairedRatio, round } from './support/statistics.ts'
import { distinctTexts, shuffle } from './support/texts.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '3' },
    pairs: { type: 'string', default: '12' },
    'bulk-pairs': { type: 'string', default: '4' },
    'warm-up': { type: 'string', default: '10' },
    texts: { type: 'string' },
  },
})
const seconds = Number(values.seconds)
const pairs = Number(values.pairs)
const bulkPairs = Number(values['bulk-pairs'])
const warmUpSeconds = Number(values['warm-up'])
const CONNECTIONS = 32
const BULK_CALL = 512
const texts = shuffle(distinctTexts(), 2)
const bulkTexts = texts.slice(0, Number(values.texts ?? texts.length))

/** What a path did, and the processor time that its process took for a text. */
interface Sample {
  readonly textsPerSecond: number
  readonly cpuMs?: number
}

/** The texts again and again, each time with another ending: none is answered from the cache. */
function endlessTexts(): () => string {
  let count = 0
  return () => `${texts[count % texts.length]} ${Math.floor(count++ / texts.length)}`
}

/** Callers that each wait for their answer before they ask again, as the connections do. */
async function callEngine(engine: Engine, nextText: () => string, time: number): Promise<Sample> {
  const cpu = process.cpuUsage()
  const start = performance.now()
  const end = start + time * 1000
  let answered = 0
  const caller = async (): Promise<void> => {
    while (performance.now() < end) {
      await engine.classify([nextText()])
      answered++
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, caller))
  const { user, system } = process.cpuUsage(cpu)
  return {
    textsPerSecond: answered / ((performance.now() - start) / 1000),
    cpuMs: (user + system) / 1000 / answered,
  }
}

async function callHttp(server: RunningServer, nextText: () => string, time: number): Promise<Sample> {
  const cpu = server.process.cpuSeconds()
  const { requestsPerSecond, answered } = await runLoad({
    url: server.url,
    connections: CONNECTIONS,
    seconds: time,
    nextText,
  })
  return { textsPerSecond: requestsPerSecond, cpuMs: ((server.process.cpuSeconds() - cpu) * 1000) / answered }
}

async function engineInBulk(home: string): Promise<Sample> {
  const engine = await startEngine(await resolveModel('default', { home }))
  try {
    const start = performance.now()
    const calls: Promise<unknown>[] = []
    for (let i = 0; i < bulkTexts.length; i += BULK_CALL) {
      calls.push(engine.classify(bulkTexts.slice(i, i + BULK_CALL), { priority: 'bulk', whenFull: 'wait' }))
    }
    await Promise.all(calls)
    return { textsPerSecond: bulkTexts.length / ((performance.now() - start) / 1000) }
  } finally {
    await engine.close()
  }
}

const samples: Record<string, Sample[]> = {}

/** Both in turns, each first as often as the other: a machine that changes its speed changes both. */
async function inPairs(count: number, paths: Record<string, () => Promise<Sample>>): Promise<void> {
  for (let turn = 0; turn < count; turn++) {
    const names = turn % 2 === 0 ? Object.keys(paths) : Object.keys(paths).reverse()
    for (const name of names) {
      const sample = await paths[name]!()
      progress(`${name}: ${round(sample.textsPerSecond)} texts/s`)
      samples[name] = [...(samples[name] ?? []), sample]
    }
  }
}

/** Both stand ready from the start, the one that isn't asked idle; what V8 compiles is compiled before the clock starts. */
async function compareWithHttp(home: string): Promise<void> {
  const server = await startRenown({ home })
  const engine = await startEngine(await resolveModel('default', { home }))
  const [engineTexts, httpTexts] = [endlessTexts(), endlessTexts()]
  try {
    await callEngine(engine, engineTexts, warmUpSeconds)
    await callHttp(server, httpTexts, warmUpSeconds)
    await inPairs(pairs, {
      [ENGINE]: () => callEngine(engine, engineTexts, seconds),
      [HTTP]: () => callHttp(server, httpTexts, seconds),
    })
  } finally {
    await engine.close()
    await server.process.stop()
  }
}

async function compareInBulk(home: string, folder: string): Promise<void> {
  const file = writeTextFile(join(folder, 'texts.jsonl'), bulkTexts)
  await inPairs(bulkPairs, {
    [BULK]: () => engineInBulk(home),
    [COMMAND]: async () => {
      const predicted = await predictFile(file, { home, output: join(folder, 'out.jsonl') })
      return { textsPerSecond: bulkTexts.length / predicted.seconds }
    },
  })
}

const ENGINE = 'engine, 32 callers'
const HTTP = 'POST /predict, 32 connections'
const BULK = 'engine, bulk'
const COMMAND = 'renown predict FILE, with its start'

await withTemporaryFolder(async (folder) => {
  const home = join(folder, 'home')
  await compareWithHttp(home)
  await compareInBulk(home, folder)
  type Column = 'textsPerSecond' | 'cpuMs'
  const all = (name: string, column: Column): number[] =>
    (samples[name] ?? []).map((sample) => sample[column] ?? Number.NaN)
  const ratio = (name: string, other: string, column: Column): number =>
    pairedRatio(all(name, column), all(other, column))
  publish('engine', {
    settings: { seconds, warmUpSeconds, pairs, bulkPairs, bulkTexts: bulkTexts.length },
    rows: Object.keys(samples).map((name) => ({
      path: name,
      'texts/s': round(median(all(name, 'textsPerSecond'))),
      'cpu ms/text': round(median(all(name, 'cpuMs')), 2),
    })),
    targets: [
      // The load generator takes its share of the same cores from the server; processor time doesn't count it.
      atLeast('POST /predict / engine', ratio(HTTP, ENGINE, 'textsPerSecond'), 0.85),
      atLeast('engine / POST /predict, processor time of a text', ratio(ENGINE, HTTP, 'cpuMs'), 0.85),
      atLeast('renown predict FILE / engine in bulk', ratio(COMMAND, BULK, 'textsPerSecond'), 0.9),
    ],
    samples,
  })
})
