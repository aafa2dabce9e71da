// What `npm pack` puts into the packages of a release: what runs, and no tests.
import { execFileSync } from 'node:child_process'
import { basename } from 'node:path'
import { expect, test } from 'vitest'
import { packages, ROOT } from '../support/workspace.ts'

interface Packed {
  readonly name: string
  readonly files: readonly { readonly path: string }[]
}

function pack(): Packed[] {
  const npmCli = process.env.npm_execpath ?? ''
  const [file, ...args] = basename(npmCli) === 'npm-cli.js' ? [process.execPath, npmCli] : ['npm']
  const options = { cwd: ROOT, encoding: 'utf8', maxBuffer: 2 ** 26 } as const
  const text = execFileSync(file ?? '', [...args, 'pack', '--workspaces', '--dry-run', '--json', '--silent'], options)
  const packed = JSON.parse(text) as Packed[] | Record<string, Packed>
  return Object.values(packed)
}

test('every package has its entries, the page is there, and no test is', { timeout: 120_000 }, () => {
  const packed = new Map(pack().map(({ name, files }) => [name, files.map(({ path }) => path)]))
  expect(packed.size).toBe(packages().length)
  for (const { manifest } of packages()) {
    const paths = packed.get(manifest.name) ?? []
    const entries = Object.values(manifest.exports ?? {}).map((entry) => (entry as { default: string }).default)
    expect(paths).toEqual(expect.arrayContaining(entries.map((path) => path.replace('./', ''))))
    expect(paths.filter((path) => /\.test\.|^src\/|fixtures\//.test(path))).toEqual([])
  }
  expect(packed.get('@renown/dashboard')).toContain('dist/page/index.html')
  expect(packed.get('@renown/cli')).toContain('bin/renown.mjs')
})
