// The import table of docs/architecture.md, as data.
import { read } from './workspace.ts'

export interface Room {
  readonly name: string
  /** Packages of the workspace; a name in `typesOnly` may only be imported as a type. */
  readonly mayImport: readonly string[]
  readonly typesOnly: readonly string[]
  readonly outside: readonly string[]
}

const HEADER = '| Package | What it is | May import | Outside packages |'

export function readArchitectureTable(): Room[] {
  const lines = read('docs/architecture.md').split('\n')
  const start = lines.indexOf(HEADER)
  if (start === -1) throw new Error(`docs/architecture.md has no table with the header ${HEADER}`)
  const rows = lines.slice(start + 2)
  const end = rows.findIndex((line) => !line.startsWith('|'))
  return rows.slice(0, end === -1 ? rows.length : end).map(parseRow)
}

function parseRow(line: string): Room {
  const [name = '', , mayImport = '', outside = ''] = line.split('|').slice(1, -1)
  const names = codes(mayImport)
  return {
    name: (codes(name)[0]?.code ?? '').replace('packages/', ''),
    mayImport: names.map(({ code }) => code),
    typesOnly: names.filter(({ after }) => after.startsWith(' (types)')).map(({ code }) => code),
    outside: codes(outside).map(({ code }) => code),
  }
}

function codes(cell: string): { code: string; after: string }[] {
  return [...cell.matchAll(/`([^`]+)`([^`]*)/g)].map(([, code = '', after = '']) => ({ code, after }))
}
