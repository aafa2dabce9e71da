// The documents against a server that runs: docs/api.md works as it stands and names every route, docs/metrics.md every metric.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type SourceServer, startSourceServer } from './support/source-server.ts'
import { read } from './support/workspace.ts'

const page = read('docs/api.md')
const example = [...page.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block]) => block).join('\n')

let folder: string
let server: SourceServer

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'renown-api-'))
  server = await startSourceServer(join(folder, 'home'))
})

afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
})

function missingTool(): string {
  const missing = ['bash', 'curl', 'sed'].filter((tool) => spawnSync(tool, ['--version']).status !== 0)
  return missing.length === 0 ? '' : `${missing.join(', ')} not installed`
}

describe('docs/api.md', () => {
  test('its examples work, one after the other', (context) => {
    const missing = missingTool()
    context.skip(missing !== '', missing)
    const strict = 'set -eu -o pipefail\ncurl() { command curl --fail-with-body -w "\\n" "$@"; }\n'
    const script = strict + example.replace('http://127.0.0.1:8000', server.url)
    const run = spawnSync('bash', ['-c', script], { cwd: folder, encoding: 'utf8', timeout: 60_000 })
    expect(run.status, `${run.stdout}${run.stderr}`).toBe(0)
    expect(run.stdout).toContain('"label":"positive"')
    expect(run.stdout).toContain('TEXT_EMPTY')
    expect(run.stdout).toContain('event: done')
    expect(run.stdout).toMatch(/2026-01-02,Never again\.,negative/)
    expect(existsSync(join(folder, 'posts.csv'))).toBe(true)
  })

  test('it names every route of the OpenAPI document, and no other', async () => {
    const { paths } = (await (await fetch(`${server.url}/openapi.json`)).json()) as { paths: Record<string, object> }
    const named = new Set(
      [...page.matchAll(/(?<=[\s`"$BASE])(\/(?:api|predict|health|metrics|openapi|docs)[\w./{}$-]*)/g)].map(
        ([, path = '']) => normal(path),
      ),
    )
    const known = Object.keys(paths).map(normal)
    expect(known.filter((path) => !named.has(path))).toEqual([])
    expect([...named].filter((path) => !known.includes(path) && !['/docs', '/openapi.json'].includes(path))).toEqual([])
  })
})

/** `{id}`, `$ID` and `$MANUAL` are the same place. */
function normal(path: string): string {
  return path.replace(/\{\w+\}|\$\w+/g, '{}').replace(/[.]$/, '')
}

test('docs/metrics.md names every metric that is there from the start, and no other', async () => {
  const scraped = await (await fetch(`${server.url}/metrics`)).text()
  const served = [...scraped.matchAll(/^# TYPE (\w+) (\w+)/gm)].map(([, name, type]) => `${name} ${type}`)
  const [, section = ''] = /^## The server$([\s\S]*?)^## /m.exec(read('docs/metrics.md')) ?? []
  const rows = [...section.matchAll(/^\| `(\w+)` \| (\w+) \|/gm)].map(([, name, type]) => `${name} ${type}`)
  expect(rows.sort()).toEqual(served.sort())
})

test('a server that is asked to stop ends with 0', async () => {
  const other = await startSourceServer(join(folder, 'other'))
  expect(await other.stop()).toBe(0)
})
