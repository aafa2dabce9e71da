// POST /predict over HTTP, one text a request, no text twice: Renown and the Python stack, in turns.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { exportModel } from './support/export-model.ts'
import { pathFromEnv, testData, withTemporaryFolder } from './support/folders.ts'
import { type LoadResult, nextOf, runLoad } from './support/load.ts'
import { atLeast, atMost, progress, publish, type Row, type Target } from './support/report.ts'
import { type RunningServer, startPythonStack, startRenown } from './support/servers.ts'
import { median, pairedRatio, round } from './support/statistics.ts'
import { distinctTexts, shuffle } from './support/texts.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '15' },
    rounds: { type: 'string', default: '3' },
    connections: { type: 'string', default: '1,8,32' },
    contenders: { type: 'string' },
  },
})
const seconds = Number(values.seconds)
const rounds = Number(values.rounds)
const levels = values.connections.split(',').map(Number)

interface Sample extends LoadResult {
  readonly contender: string
  readonly connections: number
  readonly startMs: number
  readonly peakMb: number
}

type Contenders = Readonly<Record<string, () => Promise<RunningServer>>>

/** Everything that this machine has the parts for; RoBERTa-base only with ROBERTA_MODEL. */
async function assembleContenders(folder: string): Promise<Contenders> {
  const home = join(folder, 'home')
  const minilm = testData('models/minilm-sentiment-reference')
  const roberta = pathFromEnv('ROBERTA_MODEL')
  const all: Record<string, () => Promise<RunningServer>> = {
    renown: () => startRenown({ home }),
    'python-minilm': () => startPythonStack(minilm),
    'renown-uint8': () => startRenown({ home, encoding: 'uint8' }),
  }
  if (roberta !== null) {
    const exported = existsSync(join(roberta, 'onnx')) ? roberta : await exportModel(roberta, join(folder, 'roberta'))
    all['python-roberta'] = () => startPythonStack(roberta)
    all['renown-roberta'] = () => startRenown({ home, model: exported })
    all['renown-roberta-uint8'] = () => startRenown({ home, model: exported, encoding: 'uint8' })
  }
  const wanted = values.contenders?.split(',') ?? Object.keys(all)
  return Object.fromEntries(Object.entries(all).filter(([name]) => wanted.includes(name)))
}

/** A fresh process for every measurement: no cache is warm, and no text is sent to it twice. */
async function measure(contender: string, start: () => Promise<RunningServer>, connections: number): Promise<Sample> {
  const server = await start()
  try {
    const [warm, texts] = [warmUpTexts, measuredTexts]
    await runLoad({ url: server.url, connections: Math.min(connections, 4), seconds: 2, nextText: nextOf(warm) })
    const result = await runLoad({ url: server.url, connections, seconds, nextText: nextOf(texts) })
    if (result.failed > 0) throw new Error(`${contender}: ${result.failed} requests failed`)
    return { contender, connections, startMs: server.startMs, peakMb: server.process.peakMb(), ...result }
  } finally {
    await server.process.stop()
  }
}

const texts = shuffle(distinctTexts(), 1)
const warmUpTexts = texts.slice(0, 200)
const measuredTexts = texts.slice(200)

function summarise(samples: readonly Sample[]): Row[] {
  const keys = new Map(
    samples.map(({ contender, connections }) => [`${contender} ${connections}`, { contender, connections }]),
  )
  return [...keys.values()].map(({ contender, connections }) => {
    const own = samples.filter((sample) => sample.contender === contender && sample.connections === connections)
    return {
      contender,
      connections,
      'requests/s': round(median(own.map(({ requestsPerSecond }) => requestsPerSecond))),
      'mean ms': round(median(own.map(({ meanMs }) => meanMs)), 2),
      'p50 ms': round(median(own.map(({ p50Ms }) => p50Ms)), 2),
      'p99 ms': round(median(own.map(({ p99Ms }) => p99Ms)), 2),
      'start ms': round(median(own.map(({ startMs }) => startMs)), 0),
      'peak MB': round(Math.max(...own.map(({ peakMb }) => peakMb)), 0),
    }
  })
}

/** Contender, rival, and the ratio of requests/s asked for at 1, 8 and 32 connections. */
const RATIOS = [
  ['renown', 'python-roberta', { 1: 20, 8: 35, 32: 45 }],
  ['renown', 'python-minilm', { 1: 5, 8: 7.5, 32: 12 }],
  ['renown-uint8', 'python-roberta', { 1: 12, 8: 22, 32: 25 }],
  ['renown-uint8', 'python-minilm', { 1: 3, 8: 4.5, 32: 6.5 }],
  ['renown-roberta', 'python-roberta', { 8: 7.5 }],
  ['renown-roberta-uint8', 'python-roberta', { 8: 4 }],
] as const
const LATENCIES = [
  ['renown-roberta', 'python-roberta', 0.25],
  ['renown-roberta-uint8', 'python-roberta', 0.35],
] as const
const PEAK_MB = 450

function judge(rows: readonly Row[], samples: readonly Sample[]): Target[] {
  const peak = (contender: string): number =>
    Math.max(...rows.filter((row) => row.contender === contender).map((row) => Number(row['peak MB'])))
  const ratio = (a: string, b: string, level: number, column: 'requestsPerSecond' | 'p50Ms'): number => {
    const all = (contender: string): number[] =>
      samples.filter((s) => s.contender === contender && s.connections === level).map((s) => s[column])
    return pairedRatio(all(a), all(b))
  }
  const speeds = RATIOS.flatMap(([a, b, wanted]) =>
    Object.entries(wanted).map(([level, target]) =>
      atLeast(`${a} / ${b}, requests/s at ${level}`, ratio(a, b, Number(level), 'requestsPerSecond'), target),
    ),
  )
  const latencies = LATENCIES.map(([a, b, target]) => atMost(`${a} / ${b}, p50 at 1`, ratio(a, b, 1, 'p50Ms'), target))
  const peaks = ['renown', 'renown-uint8'].map((name) => atMost(`${name}, peak MB`, peak(name), PEAK_MB))
  return [...speeds, ...latencies, ...peaks].filter(({ measured }) => Number.isFinite(measured))
}

await withTemporaryFolder(async (folder) => {
  const contenders = await assembleContenders(folder)
  const samples: Sample[] = []
  for (let turn = 1; turn <= rounds; turn++) {
    for (const connections of levels) {
      for (const [contender, start] of Object.entries(contenders)) {
        const sample = await measure(contender, start, connections)
        progress(
          `round ${turn}, ${contender}, ${connections} connections: ${round(sample.requestsPerSecond)} requests/s`,
        )
        samples.push(sample)
      }
    }
  }
  const rows = summarise(samples)
  publish('predict-http', { settings: { seconds, rounds, levels }, rows, targets: judge(rows, samples), samples })
})
