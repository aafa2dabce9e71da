// The real server with the default model, the built page, and a data folder of its own.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startSourceServer } from '../../support/source-server.ts'
import { filesUnder, ROOT } from '../../support/workspace.ts'

const DASHBOARD = 'packages/dashboard'
const BUILT = join(ROOT, DASHBOARD, 'dist/page/index.html')
const LOCK = join(tmpdir(), 'renown-page-build.lock')

export interface PageServer {
  readonly url: string
  readonly home: string
  stop(): Promise<void>
}

export async function startPageServer(settings: Readonly<Record<string, string>> = {}): Promise<PageServer> {
  await buildPage()
  const home = mkdtempSync(join(tmpdir(), 'renown-page-'))
  const server = await startSourceServer(home, { RENOWN_LOG_LEVEL: 'error', ...settings })
  return {
    url: server.url,
    home,
    async stop() {
      await server.stop()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

/** Builds the page where a source is newer; files of tests that start together build it once. Returns its folder. */
export async function buildPage(): Promise<string> {
  while (isStale()) {
    if (!takeLock()) {
      await sleep(200)
      continue
    }
    try {
      if (isStale())
        execFileSync(process.execPath, [join(ROOT, 'node_modules/vite/bin/vite.js'), 'build', DASHBOARD], {
          cwd: ROOT,
          stdio: 'pipe',
        })
    } finally {
      rmSync(LOCK, { recursive: true, force: true })
    }
  }
  return dirname(BUILT)
}

function isStale(): boolean {
  if (!existsSync(BUILT)) return true
  const built = statSync(BUILT).mtimeMs
  const sources = filesUnder(`${DASHBOARD}/src`, ['.ts', '.tsx', '.css', '.svg']).filter(
    (file) => !file.includes('.test.'),
  )
  return [...sources, `${DASHBOARD}/index.html`, `${DASHBOARD}/vite.config.ts`].some(
    (file) => statSync(join(ROOT, file)).mtimeMs > built,
  )
}

/** A lock older than a minute was left behind. */
function takeLock(): boolean {
  try {
    mkdirSync(LOCK)
    return true
  } catch {
    const age = existsSync(LOCK) ? Date.now() - statSync(LOCK).mtimeMs : 0
    if (age > 60_000) rmSync(LOCK, { recursive: true, force: true })
    return false
  }
}
