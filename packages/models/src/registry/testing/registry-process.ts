// A process that works on a registry by itself, for tests of several at once and of ones that are killed.
import { openRegistry } from '../registry.ts'
import { stopAfter } from './stop-after.ts'

const [home = '', task = '', ...args] = process.argv.slice(2)
const registry = openRegistry(home)
const by = { who: `process ${process.pid}`, why: 'a test' }

/** Moves the alias to and fro, each time from what it is seen to name; says `moved` or the code of the refusal. */
async function contend(times: number): Promise<void> {
  for (let turn = 0; turn < times; turn++) {
    const { version } = await registry.current('champion')
    const next = version === 'v1' ? 'v2' : 'v1'
    const told = await registry.promote(next, 'champion', { ...by, expect: version }).then(
      () => 'moved',
      (error: { code: string }) => error.code,
    )
    process.stdout.write(`${told}\n`)
  }
}

const TASKS: Readonly<Record<string, (...args: string[]) => Promise<void>>> = {
  contend: async (times) => await contend(Number(times)),
  async add(folder = '') {
    const { version } = await registry.add(folder, by)
    process.stdout.write(`${version.version}\n`)
  },
  async killAt(changes, folder = '') {
    stopAfter(Number(changes), () => {
      process.kill(process.pid, 'SIGKILL')
      return new Promise<never>(() => {})
    })
    const { version } = await registry.add(folder, by)
    await registry.promote(version.version, 'champion', by)
  },
}

await TASKS[task]?.(...args)
