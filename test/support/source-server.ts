// `renown serve` as a process of its own, from the sources.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { waitForAddress } from './printed-address.ts'
import { ROOT } from './workspace.ts'

export interface SourceServer {
  readonly url: string
  /** Resolves to the exit code after SIGTERM. */
  stop(): Promise<number>
}

export async function startSourceServer(
  home: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<SourceServer> {
  const args = [
    '--conditions=source',
    '--import',
    'tsx',
    join(ROOT, 'packages/cli/src/main.ts'),
    'serve',
    '--port',
    '0',
  ]
  const env = { ...process.env, RENOWN_HOME: home, ...settings }
  const child = spawn(process.execPath, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const closed = once(child, 'close')
  const { url } = await waitForAddress(child)
  return {
    url,
    async stop() {
      child.kill('SIGTERM')
      const [code] = await closed
      return Number(code)
    },
  }
}
