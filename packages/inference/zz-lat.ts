import { readFileSync } from 'node:fs'
import { openModelFolder } from '@renown/models'
import { startEngine } from './src/index.ts'

const texts = readFileSync('/work/shared/data/tweeteval-sentiment/test.jsonl', 'utf8')
  .trim()
  .split('\n')
  .map((l) => JSON.parse(l).text as string)
const folder = await openModelFolder('models/default')
for (const [workers, threads, spinning] of [
  [1, 1, false],
  [1, 2, false],
  [1, 2, true],
] as const) {
  const runs: number[] = [],
    queue: number[] = []
  const engine = await startEngine(folder, {
    workers,
    threads,
    spinning,
    cacheEntries: 0,
    observer: {
      batch: (b) => {
        runs.push(b.runMs)
        queue.push(b.queueMs)
      },
    },
  })
  const lat: number[] = []
  for (let i = 0; i < 800; i++) {
    const s = performance.now()
    await engine.classify([texts[i]!])
    lat.push(performance.now() - s)
    if (process.argv[2]) await new Promise((r) => setTimeout(r, 1))
  }
  const med = (a: number[]) =>
    a
      .slice(100)
      .sort((x, y) => x - y)[350]!
      .toFixed(2)
  console.log(workers, threads, spinning, 'classify', med(lat), 'run', med(runs), 'queue', med(queue))
  await engine.close()
}
