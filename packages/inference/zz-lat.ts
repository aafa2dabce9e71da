import { readFileSync } from 'node:fs'
import { openModelFolder } from '@renown/models'
import { startEngine } from './src/index.ts'
const texts = readFileSync('/work/shared/data/tweeteval-sentiment/test.jsonl', 'utf8').trim().split('\n').map((l) => JSON.parse(l).text as string)
const folder = await openModelFolder('models/default')
for (const threads of [1, 2, 2]) {
  const runs: number[] = []
  const engine = await startEngine(folder, { threads, cacheEntries: 0, observer: { batch: (b) => { runs.push(b.runMs) } } })
  const lat: number[] = []; for (let i = 0; i < 800; i++) { const s = performance.now(); await engine.classify([texts[i]!]); lat.push(performance.now() - s) }
  const med = (a: number[], f: number, t: number) => { const b = a.slice(f, t).sort((x, y) => x - y); return b[b.length >> 1]!.toFixed(2) }
  console.log(threads, 'classify first 200', med(lat, 0, 200), 'later', med(lat, 200, 800), 'run', med(runs, 200, 800)); await engine.close()
}
