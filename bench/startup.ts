// From `npm start` to the first answered prediction, the second time and later; and the Python stack's start.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { pathFromEnv, ROOT, testData, withTemporaryFolder } from './support/folders.ts'
import { startProcess, waitUntil } from './support/process.ts'
import { atMost, progress, publish } from './support/report.ts'
import { freePort, predict, startPythonStack } from './support/servers.ts'
import { median, round } from './support/statistics.ts'

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '7' } } })
const rounds = Number(values.rounds)
const LIMIT_MS = 1500

async function npmStart(home: string): Promise<number> {
  const port = await freePort()
  const running = startProcess({
    file: 'npm',
    args: ['start', '--', '--port', String(port)],
    cwd: ROOT,
    env: { RENOWN_HOME: home },
  })
  try {
    await waitUntil(running, async () => ((await predict(`http://127.0.0.1:${port}`, 'A good start.')) ? true : null))
    return performance.now() - running.startedAt
  } finally {
    await running.stop()
  }
}

async function pythonStart(): Promise<number> {
  const server = await startPythonStack(testData('models/minilm-sentiment-reference'))
  await server.process.stop()
  return server.startMs
}

await withTemporaryFolder(async (folder) => {
  const home = join(folder, 'home')
  await npmStart(home)
  const samples: { renown: number[]; python: number[] } = { renown: [], python: [] }
  for (let turn = 0; turn < rounds; turn++) {
    samples.renown.push(await npmStart(home))
    if (pathFromEnv('PEER_PYTHON') !== null) samples.python.push(await pythonStart())
    progress(
      `npm start ${round(samples.renown.at(-1) ?? 0, 0)} ms, Python stack ${round(samples.python.at(-1) ?? 0, 0)} ms`,
    )
  }
  rmSync(home, { recursive: true, force: true })
  publish('startup', {
    settings: { rounds },
    rows: Object.entries(samples)
      .filter(([, times]) => times.length > 0)
      .map(([name, times]) => ({
        name,
        'median ms': round(median(times), 0),
        'slowest ms': round(Math.max(...times), 0),
      })),
    targets: [atMost('npm start to first answer, ms', median(samples.renown), LIMIT_MS)],
    samples,
  })
})
