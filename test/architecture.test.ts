// The import table of docs/architecture.md holds: every import, every package.json and every tsconfig obeys it.
import { posix } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readArchitectureTable } from './support/architecture-table.ts'
import { importsOf, packageOf } from './support/imports.ts'
import { filesUnder, isForDevelopment, type PackageJson, packages, read, readJson } from './support/workspace.ts'

const SCOPE = '@renown/'
const PURE = ['reputation', 'contract', 'dashboard']
const rooms = new Map(readArchitectureTable().map((room) => [room.name, room]))
const rootManifest = readJson<PackageJson>('package.json')

interface Use {
  readonly file: string
  readonly specifier: string
  readonly typeOnly: boolean
  readonly inDevelopment: boolean
}

function usesOf(name: string): Use[] {
  return filesUnder(`packages/${name}/src`, ['.ts', '.tsx', '.mjs'])
    .concat(name === 'cli' ? filesUnder('packages/cli/bin', ['.mjs']) : [])
    .flatMap((file) =>
      importsOf(read(file)).map((found) => ({ file, inDevelopment: isForDevelopment(file), ...found })),
    )
}

function workspaceNames(dependencies: Readonly<Record<string, string>> = {}): string[] {
  return Object.keys(dependencies).flatMap((name) => (name.startsWith(SCOPE) ? [name.slice(SCOPE.length)] : []))
}

function outsideNames(dependencies: Readonly<Record<string, string>> = {}): string[] {
  return Object.keys(dependencies).filter((name) => !name.startsWith(SCOPE))
}

test('the table lists the packages that exist, each once', () => {
  expect([...rooms.keys()].sort()).toEqual(packages().map(({ name }) => name))
})

test('imports are found in every form', () => {
  const source = [
    "import a from 'a'",
    "import type { B } from 'b'",
    "import { type C, type D } from 'c'",
    "import { type E, f } from '@scope/d/file.js'",
    'import {\n  g,\n} from "e"',
    "export * from 'f'",
    "import 'g'",
    "const h = await import('h')",
    "const i = require.resolve('i')",
    "// import j from 'j'",
  ].join('\n')
  expect(importsOf(source)).toEqual([
    { specifier: 'a', typeOnly: false },
    { specifier: 'b', typeOnly: true },
    { specifier: 'c', typeOnly: true },
    { specifier: '@scope/d/file.js', typeOnly: false },
    { specifier: 'e', typeOnly: false },
    { specifier: 'f', typeOnly: false },
    { specifier: 'g', typeOnly: false },
    { specifier: 'h', typeOnly: false },
    { specifier: 'i', typeOnly: false },
  ])
  expect(packageOf('@scope/d/file.js')).toBe('@scope/d')
  expect(packageOf('node:fs')).toBeNull()
})

describe.each(packages())('packages/$name', ({ name, manifest, references }) => {
  const room = rooms.get(name) ?? { name, mayImport: [], typesOnly: [], outside: [] }
  const uses = usesOf(name)
  const own = `${SCOPE}${name}`
  const dependencies = Object.keys(manifest.dependencies ?? {})
  const devDependencies = Object.keys(manifest.devDependencies ?? {})
  const declared = new Set([...dependencies, ...devDependencies])

  test('imports only the rooms that the table allows', () => {
    const imported = uses.flatMap(({ specifier, file, inDevelopment }) => {
      const target = packageOf(specifier)
      return target?.startsWith(SCOPE) && target !== own && !inDevelopment
        ? [{ file, room: target.slice(SCOPE.length) }]
        : []
    })
    expect(imported.filter((use) => !room.mayImport.includes(use.room))).toEqual([])
  })

  test('imports as types what the table allows as types', () => {
    const loaded = uses.filter(({ specifier, typeOnly, inDevelopment }) => {
      const target = packageOf(specifier) ?? ''
      return !typeOnly && !inDevelopment && room.typesOnly.includes(target.slice(SCOPE.length))
    })
    expect(loaded).toEqual([])
  })

  test('stays inside its own folder, and enters others by their names', () => {
    const leaving = uses.filter(({ file, specifier }) => {
      if (!specifier.startsWith('.')) return false
      return !posix.join(posix.dirname(file), specifier).startsWith(`packages/${name}/`)
    })
    const deep = uses.filter(({ specifier }) => specifier.startsWith(SCOPE) && specifier !== packageOf(specifier))
    expect([...leaving, ...deep.filter(({ specifier }) => !isExported(specifier))]).toEqual([])
  })

  test('package.json depends on the outside packages of the table, no more and no fewer', () => {
    expect(outsideNames(manifest.dependencies).sort()).toEqual([...room.outside].sort())
  })

  test('package.json depends on no room that the table forbids', () => {
    const asked = workspaceNames({ ...manifest.dependencies, ...manifest.devDependencies })
    const tests = workspaceNames(manifest.devDependencies)
    expect(asked.filter((other) => !room.mayImport.includes(other) && !tests.includes(other))).toEqual([])
  })

  test('what is used is declared, for running or for development', () => {
    const shared = Object.keys(rootManifest.devDependencies ?? {})
    const undeclared = uses.filter(({ specifier, inDevelopment, typeOnly }) => {
      const target = packageOf(specifier)
      if (target === null || target === own) return false
      if (inDevelopment) return !declared.has(target) && !shared.includes(target)
      return !(typeOnly ? declared.has(target) : dependencies.includes(target))
    })
    expect(undeclared).toEqual([])
  })

  test('what is declared for running is used', () => {
    const used = new Set(
      uses.filter(({ inDevelopment }) => !inDevelopment).map(({ specifier }) => packageOf(specifier)),
    )
    expect(dependencies.filter((dependency) => !used.has(dependency))).toEqual([])
  })

  test('tsconfig.json refers to the rooms that package.json names', () => {
    const named = workspaceNames({ ...manifest.dependencies, ...manifest.devDependencies })
    expect([...references].sort()).toEqual(named.sort())
  })
})

test.each(PURE)('packages/%s is pure: no module of Node', (name) => {
  expect(
    usesOf(name).filter(({ specifier, inDevelopment }) => specifier.startsWith('node:') && !inDevelopment),
  ).toEqual([])
})

/** A deep import is fine where the other package exports that very path. */
function isExported(specifier: string): boolean {
  const target = packageOf(specifier) ?? ''
  const manifest = packages().find(({ manifest }) => manifest.name === target)?.manifest
  return manifest?.exports?.[`.${specifier.slice(target.length)}`] !== undefined
}
