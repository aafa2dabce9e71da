// One transfer of a model folder in a process of its own, so that its memory is seen: prints its seconds. Started by bench/publish.ts.
import { copyFile, mkdir, open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { locateModel, openModelFolder, publishModel } from '@renown/models'
import { hashFile } from './hash-file.ts'

const [what = '', folder = '', target = ''] = process.argv.slice(2)

/** Every file copied until it is on the disk, as a download of ours is, and the copy hashed. */
async function copyAndHash(): Promise<void> {
  const { manifest } = await openModelFolder(folder, { verify: false })
  for (const name of [...Object.keys(manifest.files), 'renown.json', 'README.md']) {
    const copy = join(target, name)
    await mkdir(dirname(copy), { recursive: true })
    await copyFile(join(folder, name), copy)
    const file = await open(copy, 'r+')
    await file.sync()
    await file.close()
    await hashFile(copy)
  }
}

const TRANSFERS: Readonly<Record<string, () => Promise<unknown>>> = {
  copy: copyAndHash,
  publish: async () => await publishModel(await openModelFolder(folder), { to: target }),
  pull: async () => await locateModel(`hf:${target}`, { home: folder }),
}

const before = process.cpuUsage()
const started = performance.now()
await TRANSFERS[what]?.()
const { user, system } = process.cpuUsage(before)
console.log(JSON.stringify({ seconds: (performance.now() - started) / 1000, cpuSeconds: (user + system) / 1e6 }))
