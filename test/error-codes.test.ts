// docs/errors.md explains every error code that the packages define, and no other.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { filesUnder, isForDevelopment, packages, ROOT, read } from './support/workspace.ts'

type CodeTable = readonly string[] | Readonly<Record<string, { readonly status: number; readonly title: string }>>

/** The code tables of a package: exported constants whose name ends in _CODES. */
async function tablesOf(name: string): Promise<CodeTable[]> {
  const files = filesUnder(`packages/${name}/src`, ['.ts']).filter((file) => !isForDevelopment(file))
  const tables = files.flatMap((file) =>
    [...read(file).matchAll(/^export const ([A-Z_]+_CODES)\b/gm)].map(([, constant = '']) => ({ file, constant })),
  )
  return Promise.all(
    tables.map(async ({ file, constant }) => {
      const module = (await import(pathToFileURL(join(ROOT, file)).href)) as Record<string, CodeTable>
      return module[constant] ?? []
    }),
  )
}

interface Row {
  readonly code: string
  readonly cells: readonly string[]
}

/** The rows under the heading that names the package. */
function documented(name: string): Row[] {
  const section = read('docs/errors.md')
    .split(/^## /m)
    .find((text) => text.split('\n')[0]?.includes(`packages/${name}`))
  const lines = (section ?? '').split('\n').filter((line) => /^\| `[A-Z_]+` \|/.test(line))
  return lines.map((line) => {
    const [code = '', ...cells] = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim())
    return { code: code.replaceAll('`', ''), cells }
  })
}

describe.each(packages())('packages/$name', ({ name }) => {
  test('every error code is documented, and every documented code exists', async () => {
    const tables = await tablesOf(name)
    const codes = new Set(tables.flatMap((table) => (Array.isArray(table) ? table : Object.keys(table)) as string[]))
    expect(
      documented(name)
        .map(({ code }) => code)
        .sort(),
    ).toEqual([...codes].sort())
  })

  test('every row says what it means and what to do', () => {
    const empty = documented(name).filter(({ cells }) => cells.length < 2 || cells.some((cell) => cell.length < 3))
    expect(empty).toEqual([])
  })
})

test('the answers of the API are documented with their status', async () => {
  const [table] = await tablesOf('contract')
  const statuses = Object.entries(table as Record<string, { status: number }>).map(([code, { status }]) => [
    code,
    `${status}`,
  ])
  expect(
    documented('contract')
      .map(({ code, cells }) => [code, cells[0] ?? ''])
      .sort(),
  ).toEqual(statuses.sort())
})
