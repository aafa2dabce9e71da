// `renown predict FILE` against transformers.js on the same 8-bit weights, in turns.
import { copyFileSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startEngine } from '@renown/inference'
import { openModelFolder } from '@renown/models'
import { exportModel } from './support/export-model.ts'
import { pathFromEnv, testData, withTemporaryFolder } from './support/folders.ts'
import { predictFile, writeTextFile } from './support/predict-command.ts'
import { runToEnd } from './support/process.ts'
import { atLeast, atMost, progress, publish, type Row } from './support/report.ts'
import { median, pairedRatio, round } from './support/statistics.ts'
import { distinctTexts, shuffle } from './support/texts.ts'

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '3' }, texts: { type: 'string' } },
})
const rounds = Number(values.rounds)
const SINGLE_TEXTS = 200

interface Sample {
  readonly name: string
  readonly textsPerSecond: number
  readonly p50Ms: number
}

interface PeerLine {
  readonly dtype: string
  readonly p50Ms: number
  readonly textsPerSecond: number
}

/** Runs the peer's program beside its packages; it scores the first 1,000 texts after loading. */
async function runPeer(folder: string, posts: string): Promise<Sample[]> {
  const packages = pathFromEnv('PEER_JS')
  if (packages === null) throw new Error('set PEER_JS to a folder with @huggingface/transformers (see bench/README.md)')
  const place = join(folder, 'peer')
  mkdirSync(place, { recursive: true })
  copyFileSync(testData('peers/transformers-js.mjs'), join(place, 'transformers-js.mjs'))
  try {
    symlinkSync(join(packages, 'node_modules'), join(place, 'node_modules'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const args = [join(place, 'transformers-js.mjs'), folder, 'minilm', posts]
  const { output } = await runToEnd({ file: process.execPath, args })
  const lines = output.split('\n').filter((line) => line.startsWith('{'))
  return lines
    .map((line) => JSON.parse(line) as PeerLine)
    .map(({ dtype, p50Ms, textsPerSecond }) => ({ name: `transformers.js ${dtype}`, p50Ms, textsPerSecond }))
}

/** Single texts before and after the peer's: the machine may change its speed in between. */
async function runRound(folder: string, posts: string, count: number): Promise<Sample[]> {
  const model = join(folder, 'minilm')
  const { seconds } = await predictFile(posts, { home: join(folder, 'home'), output: join(folder, 'out.jsonl'), model })
  const before = await singleTextMs(model)
  const peers = await runPeer(folder, posts)
  const p50Ms = (before + (await singleTextMs(model))) / 2
  return [{ name: 'renown predict FILE', textsPerSecond: count / seconds, p50Ms }, ...peers]
}

/** One text at a time, in process, as the peer measures it: its program has scored a thousand others by then. */
async function singleTextMs(model: string): Promise<number> {
  const engine = await startEngine(await openModelFolder(model))
  try {
    const times: number[] = []
    await engine.classify(texts.slice(SINGLE_TEXTS, SINGLE_TEXTS + 1000), { priority: 'bulk', whenFull: 'wait' })
    for (const text of texts.slice(0, SINGLE_TEXTS)) {
      const start = performance.now()
      await engine.classify([text])
      times.push(performance.now() - start)
    }
    return median(times)
  } finally {
    await engine.close()
  }
}

const texts = shuffle(distinctTexts(), 3).slice(0, Number(values.texts ?? Number.POSITIVE_INFINITY))

await withTemporaryFolder(async (folder) => {
  await exportModel(testData('models/minilm-sentiment-reference'), join(folder, 'minilm'))
  const posts = writeTextFile(join(folder, 'posts.jsonl'), texts)
  const samples: Sample[] = []
  for (let turn = 1; turn <= rounds; turn++) {
    samples.push(...(await runRound(folder, posts, texts.length)))
    progress(`round ${turn} of ${rounds}`)
  }
  const all = (name: string, column: 'textsPerSecond' | 'p50Ms'): number[] =>
    samples.filter((sample) => sample.name === name).map((sample) => sample[column])
  const rows: Row[] = [...new Set(samples.map(({ name }) => name))].map((name) => ({
    name,
    'texts/s': round(median(all(name, 'textsPerSecond'))),
    'one text, p50 ms': round(median(all(name, 'p50Ms')), 2),
  }))
  const [own, peer] = ['renown predict FILE', 'transformers.js q8']
  publish('predict-file', {
    settings: { rounds, texts: texts.length, peerTexts: 1000 },
    rows,
    targets: [
      atLeast(
        'texts/s, with the start of the process, / transformers.js q8',
        pairedRatio(all(own, 'textsPerSecond'), all(peer, 'textsPerSecond')),
        1.7,
      ),
      atMost('one text, p50, / transformers.js q8', pairedRatio(all(own, 'p50Ms'), all(peer, 'p50Ms')), 1),
    ],
    samples,
  })
})
