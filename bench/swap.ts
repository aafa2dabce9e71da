// A hot swap under full load: whether a request fails, and what the answers around it cost.
import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { defaultModelFolder, openRegistry, type Registry } from '@renown/models'
import { withTemporaryFolder } from './support/folders.ts'
import { runLoad } from './support/load.ts'
import { atLeast, atMost, progress, publish } from './support/report.ts'
import { startRenown } from './support/servers.ts'
import { median, percentile, round } from './support/statistics.ts'
import { distinctTexts, shuffle } from './support/texts.ts'

const { values } = parseArgs({
  options: {
    swaps: { type: 'string', default: '5' },
    connections: { type: 'string', default: '32' },
  },
})
const swaps = Number(values.swaps)
const connections = Number(values.connections)
const WARM_S = 5
/** Half of it before the new model serves, half of it after. */
const AROUND_MS = 10_000
const PATIENCE_MS = 60_000
const BY = { who: 'bench', why: 'a swap under load' }

interface Answer {
  readonly at: number
  readonly ms: number
}

interface Swap {
  readonly promotedAt: number
  readonly servesAt: number
}

/** The embedded model as two versions that differ in name only: the server loads the other one all the same. */
async function addVersions(registry: Registry, folder: string): Promise<void> {
  for (const version of ['one', 'two']) {
    const copy = join(folder, version)
    await cp(defaultModelFolder(), copy, { recursive: true })
    const path = join(copy, 'renown.json')
    const manifest = JSON.parse(await readFile(path, 'utf8')) as object
    await writeFile(path, JSON.stringify({ ...manifest, version }))
    await registry.add(copy, BY)
  }
}

async function servedReference(url: string): Promise<string> {
  const answer = await fetch(`${url}/api/v1/deployment`)
  return ((await answer.json()) as { serving: { reference: string } }).serving.reference
}

async function swapTo(registry: Registry, url: string, version: string): Promise<Swap> {
  const promotedAt = performance.now()
  await registry.promote(version, 'champion', BY)
  while ((await servedReference(url)) !== version) {
    if (performance.now() - promotedAt > PATIENCE_MS) throw new Error(`${version} still doesn't serve`)
    await sleep(100)
  }
  return { promotedAt, servesAt: performance.now() }
}

function p99Between(answers: readonly Answer[], from: number, to: number): number {
  return percentile(
    answers.filter(({ at }) => at >= from && at < to).map(({ ms }) => ms),
    99,
  )
}

/** From the last moment before the promotion, and from the ten seconds around the moment that the other model serves. */
function describeSwap(answers: readonly Answer[], { promotedAt, servesAt }: Swap) {
  const before = p99Between(answers, promotedAt - AROUND_MS, promotedAt)
  const around = p99Between(answers, servesAt - AROUND_MS / 2, servesAt + AROUND_MS / 2)
  const loading = p99Between(answers, promotedAt, servesAt)
  return {
    'p99 before, ms': round(before, 2),
    'p99 around, ms': round(around, 2),
    'p99 while it loads, ms': round(loading, 2),
    ratio: round(around / before, 2),
    'until it serves, s': round((servesAt - promotedAt) / 1000, 2),
  }
}

await withTemporaryFolder(async (folder) => {
  const home = join(folder, 'home')
  const registry = openRegistry(home)
  await addVersions(registry, folder)
  await registry.promote('v1', 'champion', BY)
  const server = await startRenown({ home, model: 'champion' })
  try {
    const texts = shuffle(distinctTexts(), 4)
    let asked = 0
    let isOver = false
    const answers: Answer[] = []
    const others: Record<number, number> = {}
    const load = runLoad({
      url: server.url,
      connections,
      seconds: 3600,
      nextText: () => (isOver ? null : `${texts[asked % texts.length]} ${asked++}`),
      onAnswer: (status, ms) => {
        if (status === 200) answers.push({ at: performance.now(), ms })
        else others[status] = (others[status] ?? 0) + 1
      },
    })
    await sleep(WARM_S * 1000)
    const happened: Swap[] = []
    for (let count = 0; count < swaps; count++) {
      await sleep(AROUND_MS)
      happened.push(await swapTo(registry, server.url, count % 2 === 0 ? 'v2' : 'v1'))
      progress(`swap ${count + 1} of ${swaps}`)
    }
    await sleep(AROUND_MS)
    isOver = true
    const { answered, refused, failed, requestsPerSecond } = await load
    const rows = happened.map((swap) => describeSwap(answers, swap))
    publish('swap', {
      settings: { swaps, connections },
      rows: [...rows, { answered, refused, failed, 'answered /s': round(requestsPerSecond) }],
      targets: [
        atLeast('swaps', happened.length, swaps),
        atMost('requests that failed or were refused', refused + failed, 0),
        atMost('p99 around a swap / p99 before, median', median(rows.map(({ ratio }) => ratio)), 2),
        atMost('p99 around a swap / p99 before, worst', Math.max(...rows.map(({ ratio }) => ratio)), 2),
      ],
      samples: { otherStatuses: others },
    })
  } finally {
    await server.process.stop()
  }
})
