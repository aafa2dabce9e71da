// What is installed: licences that a user may rely on, and a lockfile that works on every platform.
import { expect, test } from 'vitest'
import { readJson } from './support/workspace.ts'

interface LockedPackage {
  readonly license?: string
  readonly dev?: boolean
  readonly link?: boolean
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

const PERMISSIVE = new Set([
  'MIT',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'Unlicense',
  'CC0-1.0',
  'Python-2.0',
])
const lock = readJson<{ packages: Record<string, LockedPackage> }>('package-lock.json').packages

/** SPDX: with OR one permissive choice is enough, with AND all must be. */
function isPermissive(expression: string): boolean {
  const choices = expression.replace(/[()]/g, '').split(' OR ')
  return choices.some((choice) => choice.split(' AND ').every((licence) => PERMISSIVE.has(licence.trim())))
}

test('every package that runs in production has a permissive licence', () => {
  const others = Object.entries(lock)
    .filter(([path, entry]) => path.startsWith('node_modules/') && entry.dev !== true && entry.link !== true)
    .filter(([, { license = '' }]) => !isPermissive(license))
  expect(others.map(([path, { license }]) => `${path}: ${license}`)).toEqual([])
})

test("the lockfile names every platform's packages, so that npm ci works on each", () => {
  const missing = Object.entries(lock).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) => lock[`node_modules/${name}`] === undefined && lock[`${path}/node_modules/${name}`] === undefined,
    ),
  )
  expect(missing).toEqual([])
})

test('the lockfile holds no registry address', () => {
  expect(JSON.stringify(lock)).not.toContain('"resolved":"http')
})
