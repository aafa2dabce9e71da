// A million rows of 5,000 distinct texts, shuffled, through `renown predict` and through a scoring of the server.

import { once } from 'node:events'
import { createWriteStream, openAsBlob, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { withTemporaryFolder } from './support/folders.ts'
import { predictFile, writeTextFile } from './support/predict-command.ts'
import { atLeast, atMost, progress, publish } from './support/report.ts'
import { type RunningServer, startRenown } from './support/servers.ts'
import { round, seededRandom } from './support/statistics.ts'
import { distinctTexts, shuffle } from './support/texts.ts'

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '1000000' }, distinct: { type: 'string', default: '5000' } },
})
const rows = Number(values.rows)
const MAX_MB = 600
const FASTER = 20

async function writeCsv(path: string, texts: readonly string[]): Promise<void> {
  const out = createWriteStream(path)
  const random = seededRandom(5)
  out.write('id,created_at,text\n')
  for (let id = 0; id < rows; id++) {
    // The first rows hold each text once, so that all of them occur.
    const text = texts[id < texts.length ? id : Math.floor(random() * texts.length)] ?? ''
    const created = new Date(Date.UTC(2026, 0, 1) + id * 10_000).toISOString()
    if (!out.write(`${id},${created},"${text.replaceAll('"', '""')}"\n`)) await once(out, 'drain')
  }
  out.end()
  await once(out, 'finish')
}

interface ScoringState {
  readonly id: string
  readonly status: string
  readonly progress: { readonly rows: number; readonly rejected: number }
}

/** Uploads the file as the page does, and waits until it is scored. */
async function scoreOverHttp(server: RunningServer, file: string): Promise<{ seconds: number; state: ScoringState }> {
  const start = performance.now()
  const form = new FormData()
  form.append('file', await openAsBlob(file), 'posts.csv')
  const response = await fetch(`${server.url}/api/v1/scorings`, { method: 'POST', body: form })
  if (!response.ok) throw new Error(`POST /api/v1/scorings: ${response.status} ${await response.text()}`)
  let state = (await response.json()) as ScoringState
  while (state.status === 'ready' || state.status === 'running') {
    await sleep(250)
    state = (await (await fetch(`${server.url}/api/v1/scorings/${state.id}`)).json()) as ScoringState
  }
  if (state.status !== 'done') throw new Error(`the scoring ended as ${JSON.stringify(state)}`)
  return { seconds: (performance.now() - start) / 1000, state }
}

await withTemporaryFolder(async (folder) => {
  const texts = shuffle(distinctTexts(), 6)
  const repeated = texts.slice(0, Number(values.distinct))
  const file = join(folder, 'million.csv')
  await writeCsv(file, repeated)
  progress(`${rows} rows, ${round(statSync(file).size / 1e6)} MB`)
  const home = join(folder, 'home')

  const distinct = texts.slice(repeated.length)
  const distinctRun = await predictFile(writeTextFile(join(folder, 'distinct.jsonl'), distinct), {
    home,
    output: join(folder, 'distinct-out.jsonl'),
  })
  const distinctRate = distinct.length / distinctRun.seconds
  progress(`distinct texts: ${round(distinctRate)} rows/s`)

  const command = await predictFile(file, { home, output: join(folder, 'out.csv') })
  progress(`renown predict: ${round(rows / command.seconds)} rows/s, ${round(command.peakMb)} MB`)

  const server = await startRenown({ home })
  try {
    const http = await scoreOverHttp(server, file)
    const paths = [
      { path: 'renown predict FILE', seconds: command.seconds, peakMb: command.peakMb },
      { path: 'POST /api/v1/scorings', seconds: http.seconds, peakMb: server.process.peakMb() },
    ]
    publish('million-rows', {
      settings: { rows, distinct: repeated.length, distinctRowsPerSecond: round(distinctRate) },
      rows: paths.map(({ path, seconds, peakMb }) => ({
        path,
        seconds: round(seconds),
        'rows/s': round(rows / seconds, 0),
        'times a distinct text': round(rows / seconds / distinctRate),
        'peak MB': round(peakMb, 0),
      })),
      targets: paths.flatMap(({ path, seconds, peakMb }) => [
        atMost(`${path}, peak MB`, peakMb, MAX_MB),
        atLeast(`${path}, times as fast as distinct texts`, rows / seconds / distinctRate, FASTER),
      ]),
      samples: { scored: http.state.progress },
    })
  } finally {
    await server.process.stop()
  }
})
