// How every source file begins, and how long it may be.
import { expect, test } from 'vitest'
import { filesUnder, packages, read } from './support/workspace.ts'

const MAX_LINES = 400
const sources = ['packages', 'scripts', 'test', 'bench']
  .flatMap((folder) => filesUnder(folder, ['.ts', '.tsx', '.mjs']))
  .filter((file) => !file.endsWith('.d.ts'))

test('every source file opens with one line that says what it is', () => {
  const silent = sources.filter((file) => {
    const [first = '', second = ''] = read(file).split('\n')
    const line = first.startsWith('#!') ? second : first
    return !/^(\/\/ \S|\/\*\* ?\S)/.test(line)
  })
  expect(silent).toEqual([])
})

test('sessions of onnxruntime are made in one place, which keeps it from reporting to its makers', () => {
  const makers = sources.filter((file) => !file.endsWith('.test.ts') && read(file).includes('InferenceSession.create('))
  expect(makers).toEqual(['packages/ml/src/create-session.ts'])
})

test(`no source file is longer than ${MAX_LINES} lines`, () => {
  const long = sources.map((file) => ({ file, lines: read(file).split('\n').length - 1 }))
  expect(long.filter(({ lines }) => lines > MAX_LINES)).toEqual([])
})

test('every package has a README, and an index of re-exports only', () => {
  const missing = packages().filter(({ name }) => !filesUnder(`packages/${name}`, ['README.md']).length)
  expect(missing.map(({ name }) => name)).toEqual([])
  for (const { name, manifest } of packages()) {
    if (manifest.exports === undefined) continue
    const code = read(`packages/${name}/src/index.ts`)
      .replace(/^\/\/.*$/gm, '')
      .trim()
    const rest = code.replace(/export (type )?(\*|\{[^}]*\})( as \w+)? from '[^']+'/g, '').trim()
    expect(rest, `packages/${name}/src/index.ts`).toBe('')
  }
})
