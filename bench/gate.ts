// The gate: how long it takes on 12,284 rows, and how often it errs on 1,000 simulated candidates.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { softmax } from '@renown/ml'
import {
  GATE_POLICY,
  type GateRequest,
  openModelFolder,
  postProbabilities,
  readGatePolicy,
  resolveModel,
  runGate,
  scorePosts,
} from '@renown/models'
import { SENTIMENTS } from '@renown/reputation'
import { exportModel } from './support/export-model.ts'
import { testData, withTemporaryFolder } from './support/folders.ts'
import { atLeast, atMost, progress, publish } from './support/report.ts'
import { type Answered, simulateCandidates } from './support/simulate-gate.ts'
import { round, seededRandom } from './support/statistics.ts'
import { readTestSplit } from './support/texts.ts'

const REFERENCE = 'models/minilm-sentiment-reference'
const DIFFERING = 0.17
/** Every fourth word is kept from the second model, which then answers about a sixth of the posts differently. */
const LEFT_OUT = 4

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    rows: { type: 'string', default: '1000000' },
    candidates: { type: 'string', default: '1000' },
    threads: { type: 'string', default: '2' },
  },
})
const split = readTestSplit().slice(0, Number(values.rows))
const texts = split.map(({ text }) => text)
const classes = split.map(({ label }) => (SENTIMENTS as readonly string[]).indexOf(label))
const threads = Number(values.threads)

if (values.only !== 'time') await measureErrors()
if (values.only !== 'errors') await measureTime()

/** The champion's answers are those that transformers gave, the candidate's the embedded model's on shortened posts. */
async function readAnswers(): Promise<Answered> {
  const champion = readFileSync(testData(join(REFERENCE, 'test-logits.jsonl')), 'utf8')
    .trimEnd()
    .split('\n')
    .slice(0, split.length)
    .map((line) => JSON.parse(line) as number[])
  const embedded = await resolveModel('default', { home: '.' })
  const { temperature } = embedded.manifest
  const shortened = texts.map((text) =>
    text
      .split(' ')
      .filter((_, word) => word % LEFT_OUT !== LEFT_OUT - 1)
      .join(' '),
  )
  const { logits } = await scorePosts(embedded, shortened, { threads, encoding: 'auto' })
  return {
    texts,
    labels: SENTIMENTS,
    classes,
    champion: champion.map((row) => softmax(Float32Array.from(row), temperature)),
    candidate: postProbabilities(logits, temperature),
  }
}

async function measureErrors(): Promise<void> {
  const population = await readAnswers()
  const candidates = Number(values.candidates)
  const margin = GATE_POLICY.margin / 100
  const run = (difference: number, seed: number) => {
    const found = simulateCandidates(
      population,
      { differing: DIFFERING, difference },
      { candidates, share: seededRandom(seed) },
    )
    progress(`difference ${round(100 * difference, 1)}: ${found.promoted} of ${candidates} promoted`)
    return found
  }
  const worse = run(-margin, 1)
  const equal = run(0, 2)
  const describe = (name: string, { promoted, undecidable, failures }: typeof equal) => ({
    candidate: name,
    'promoted, %': round((100 * promoted) / candidates, 1),
    'passes the rule on the champion, %': round(100 - (100 * (failures.champion ?? 0)) / candidates, 1),
    'undecidable, %': round((100 * undecidable) / candidates, 1),
    'not passed, by rule': JSON.stringify(failures),
  })
  publish('gate-errors', {
    settings: { rows: texts.length, candidates, differing: DIFFERING, policy: GATE_POLICY },
    rows: [describe('worse by the margin', worse), describe('equally good', equal)],
    targets: [
      atMost('worse by the margin and promoted, %', (100 * worse.promoted) / candidates, 6.5),
      atLeast('equally good and promoted, %', (100 * equal.promoted) / candidates, 80),
    ],
  })
}

/** The candidate has both files; champion and base are of its size. The second gate finds the answers kept. */
async function measureTime(): Promise<void> {
  await withTemporaryFolder(async (home) => {
    const candidate = await openModelFolder(await exportModel(testData(REFERENCE), join(home, 'candidate')))
    const request: Omit<GateRequest, 'now'> = {
      candidate: { reference: 'candidate', folder: candidate },
      references: {
        champion: { reference: 'default', folder: await resolveModel('default', { home }) },
        base: { reference: REFERENCE, folder: await openModelFolder(testData(REFERENCE)) },
      },
      posts: { dataSet: 'tweeteval-sentiment', split: 'all', sha256: '0'.repeat(64), texts, classes },
      policy: readGatePolicy('split: all', 'benchmark'),
      home,
      threads,
    }
    const rows = []
    for (const kept of ['nothing kept', 'answers kept']) {
      const started = performance.now()
      const { verdict } = await runGate({ ...request, now: new Date() })
      rows.push({ gate: kept, seconds: round((performance.now() - started) / 1000, 1), verdict })
    }
    publish('gate-time', {
      settings: { rows: texts.length, threads },
      rows,
      targets: [atMost('gate with nothing kept, s', rows[0]?.seconds ?? 0, 240)],
    })
  })
}
