import { readFileSync } from 'node:fs'
import { openModelFolder } from '@renown/models'
import { startEngine } from './src/index.ts'

const texts = readFileSync('/work/shared/data/tweeteval-sentiment/test.jsonl', 'utf8')
  .trim()
  .split('\n')
  .map((l) => JSON.parse(l).text as string)
const folder = await openModelFolder(process.argv[2]!)
for (const v of process.argv[3]!.split(',')) {
  const [workers, threads, spin, enc, bt] = v.split('/')
  const engine = await startEngine(folder, {
    workers: Number(workers),
    threads: Number(threads),
    spinning: spin === 's',
    cacheEntries: 0,
    encoding: (enc || 'auto') as never,
    ...(bt ? { batchTokens: Number(bt) } : {}),
  })
  for (const conns of [1, 8, 32]) {
    let next = 0
    const end = performance.now() + Number(process.argv[4] ?? 4000)
    let done = 0
    const lat: number[] = []
    const c0 = process.cpuUsage()
    const t0 = performance.now()
    await Promise.all(
      Array.from({ length: conns }, async () => {
        while (performance.now() < end) {
          const s = performance.now()
          await engine.classify([texts[next++ % texts.length]!])
          lat.push(performance.now() - s)
          done++
        }
      }),
    )
    const c = process.cpuUsage(c0)
    lat.sort((a, b) => a - b)
    console.log(
      v,
      conns,
      ((done / (performance.now() - t0)) * 1000).toFixed(0),
      'texts/s',
      'p50',
      lat[lat.length >> 1]!.toFixed(1),
      'p99',
      lat[Math.floor(lat.length * 0.99)]!.toFixed(0),
      'cpu-ms/text',
      ((c.user + c.system) / 1000 / done).toFixed(2),
      'rss',
      (process.memoryUsage().rss / 1e6).toFixed(0),
    )
  }
  await engine.close()
}
