// Ten times more requests than the server can answer: what it refuses, what it holds, how it comes back.
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { withTemporaryFolder } from './support/folders.ts'
import { type LoadResult, runLoad } from './support/load.ts'
import type { RunningProcess } from './support/process.ts'
import { atLeast, atMost, progress, publish } from './support/report.ts'
import { predict, startRenown } from './support/servers.ts'
import { median, round } from './support/statistics.ts'
import { distinctTexts, shuffle } from './support/texts.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '30' },
    factor: { type: 'string', default: '10' },
    connections: { type: 'string', default: '1000' },
  },
})
const seconds = Number(values.seconds)
const factor = Number(values.factor)
const CALM_CONNECTIONS = 32
const CALM_SECONDS = 6
const RECOVERY_LIMIT_S = 2
const SETTLE_S = 5
// The load generator shares the machine and falls short of what it is asked for.
const SPARE = 1.2
const SLOT_MS = 500
const FULL_SPEED = 0.9

/** More texts than any test set has: each with a number of its own. */
function numbered(texts: readonly string[], from: number): () => string | null {
  let i = from
  return () => `${texts[i % texts.length]} ${i++}`
}

interface MemorySeries {
  readonly before: number
  readonly early: number
  readonly late: number
  readonly after: number
}

function watchMemory(process: RunningProcess): () => number[] {
  const samples: number[] = []
  const timer = setInterval(() => samples.push(process.residentMb()), 500)
  return () => {
    clearInterval(timer)
    return samples
  }
}

function mean(samples: readonly number[]): number {
  return samples.reduce((sum, value) => sum + value, 0) / samples.length
}

async function retryAfterOf(url: string, text: string): Promise<string | null> {
  const response = await fetch(`${url}/predict`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text }),
  })
  await response.arrayBuffer()
  return response.status === 429 ? response.headers.get('retry-after') : null
}

/** Asks like any client while the load runs, and keeps the Retry-After of each refusal. */
function collectRetryAfter(url: string): () => Promise<(string | null)[]> {
  const seen: (string | null)[] = []
  let running = true
  const loop = (async () => {
    for (let i = 0; running; i++) {
      seen.push(await retryAfterOf(url, `A client that asks now and then, for the ${i}th time.`).catch(() => null))
      await sleep(200)
    }
  })()
  return async () => {
    running = false
    await loop
    return seen
  }
}

interface Course {
  readonly startedAt: number
  /** Answers in each half second. */
  readonly counts: readonly number[]
}

/** A calm load, and how its answers came. */
async function watchAnswers(url: string, durationSeconds: number, nextText: () => string | null): Promise<Course> {
  const startedAt = performance.now()
  const counts: number[] = Array.from({ length: Math.ceil((durationSeconds * 1000) / SLOT_MS) }, () => 0)
  await runLoad({
    url,
    connections: CALM_CONNECTIONS,
    seconds: durationSeconds,
    nextText,
    onAnswer: (status) => {
      const slot = Math.floor((performance.now() - startedAt) / SLOT_MS)
      if (status === 200 && slot < counts.length) counts[slot] = (counts[slot] ?? 0) + 1
    },
  })
  return { startedAt, counts }
}

/** Seconds from `floodEnd` to the end of the first half second at full speed. */
function recoverySeconds({ startedAt, counts }: Course, capacity: number, floodEnd: number): number {
  const full = counts.findIndex((count) => count / (SLOT_MS / 1000) >= capacity * FULL_SPEED)
  return full === -1 ? Number.POSITIVE_INFINITY : (startedAt + (full + 1) * SLOT_MS - floodEnd) / 1000
}

await withTemporaryFolder(async (folder) => {
  const texts = shuffle(distinctTexts(), 4)
  const server = await startRenown({ home: join(folder, 'home') })
  try {
    const calm = await watchAnswers(server.url, CALM_SECONDS, numbered(texts, 20_000_000))
    const capacity = median(calm.counts.slice(1)) / (SLOT_MS / 1000)
    const before = server.process.residentMb()
    progress(`capacity ${round(capacity)} requests/s; offering ${factor} times that for ${seconds} s`)
    const stopWatching = watchMemory(server.process)
    const stopAsking = collectRetryAfter(server.url)
    const flood: LoadResult = await runLoad({
      url: server.url,
      connections: Number(values.connections),
      seconds,
      rate: Math.round(capacity * factor * SPARE),
      nextText: numbered(texts, 0),
    })
    const floodEnd = performance.now()
    const retryAfter = (await stopAsking()).filter((value) => value !== null)
    const series = stopWatching()
    const after = await watchAnswers(server.url, CALM_SECONDS, numbered(texts, 10_000_000))
    const recovery = recoverySeconds(after, capacity, floodEnd)
    await sleep(SETTLE_S * 1000)
    const third = Math.floor(series.length / 3)
    const memory: MemorySeries = {
      before,
      early: mean(series.slice(third, 2 * third)),
      late: mean(series.slice(2 * third)),
      after: server.process.residentMb(),
    }
    const offered = (flood.answered + flood.refused + flood.failed) / seconds
    const alive = await predict(server.url, 'Still there?')
    publish('overload', {
      settings: { seconds, factor, connections: Number(values.connections) },
      rows: [
        {
          'capacity /s': round(capacity),
          'offered /s': round(offered),
          'answered /s': round(flood.requestsPerSecond),
          'refused (429)': flood.refused,
          failed: flood.failed,
          'accepted p99 ms': round(flood.p99Ms),
          'Retry-After seen': [...new Set(retryAfter)].join(' '),
          'recovery s': round(recovery, 2),
        },
        ...Object.entries(memory).map(([when, mb]) => ({ memory: when, MB: round(mb, 0) })),
      ],
      targets: [
        atLeast('offered / capacity', offered / capacity, factor * FULL_SPEED),
        atLeast('alive afterwards', alive ? 1 : 0, 1),
        atMost('failed requests', flood.failed, 0),
        atLeast('refusals with Retry-After', retryAfter.length, 1),
        atMost('accepted p99, ms', flood.p99Ms, 2000),
        atMost('recovery, s', recovery, RECOVERY_LIMIT_S),
        atMost('growth in the last third, MB', memory.late - memory.early, 20),
      ],
      samples: { answersEachHalfSecond: { before: calm.counts, after: after.counts }, residentMb: series },
    })
  } finally {
    await server.process.stop()
  }
})
