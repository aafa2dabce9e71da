// The repository as the tests about it see it: its packages, sources and documents.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT: string = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

export interface PackageJson {
  readonly name: string
  readonly exports?: Readonly<Record<string, unknown>>
  readonly scripts?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

export interface WorkspacePackage {
  /** The folder's name under packages/. */
  readonly name: string
  readonly manifest: PackageJson
  /** The packages that its tsconfig refers to, by folder name. */
  readonly references: readonly string[]
}

export function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}

export function readJson<T>(path: string): T {
  return JSON.parse(read(path)) as T
}

export function packages(): WorkspacePackage[] {
  return readdirSync(join(ROOT, 'packages'))
    .sort()
    .map((name) => {
      const { references = [] } = readJson<{ references?: { path: string }[] }>(`packages/${name}/tsconfig.json`)
      return {
        name,
        manifest: readJson<PackageJson>(`packages/${name}/package.json`),
        references: references.map(({ path }) => path.replace('../', '')),
      }
    })
}

const SKIPPED = new Set(['node_modules', 'dist', 'fixtures', '.git', 'results', 'screenshots'])

/** Files under a folder with one of the endings, as paths from the root. */
export function filesUnder(folder: string, endings: readonly string[]): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : filesUnder(path, endings)
    return endings.some((ending) => entry.name.endsWith(ending)) ? [path] : []
  })
}

/** Tests, their helpers, and the modules that only a run from the sources loads: none of it is in what runs. */
export function isForDevelopment(path: string): boolean {
  return (
    /\.test\.tsx?$/.test(path) ||
    /\/test-[^/]*\.tsx?$/.test(path) ||
    /\/src\/(.*\/)?testing\/|\/src\/.*\.mjs$/.test(path)
  )
}

/** The documents that a reader of the repository starts from. */
export function documents(): string[] {
  return ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...filesUnder('docs', ['.md'])]
}
