// Carries out the steps of a Dockerfile in folders, one for each stage: no container, so paths in RUN must be relative.
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  cpSync,
  type Dirent,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
} from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { promisify } from 'node:util'
import { type Copy, type Dockerfile, readCopy, readPairs, type Stage, type Step } from './dockerfile.ts'

export interface ImageSources {
  /** The folder with the files that the .dockerignore leaves in. */
  readonly context: string
  readonly target: string
  readonly env: NodeJS.ProcessEnv
}

export interface BuiltStage {
  /** The root of its file system, without what the base image holds. */
  readonly root: string
  workdir: string
  readonly env: Map<string, string>
}

/** Builds every stage in order; the last is the image. */
export async function buildImage(file: Dockerfile, sources: ImageSources): Promise<BuiltStage> {
  const built = new Map<string, BuiltStage>()
  for (const stage of file.stages) built.set(stage.name, await buildStage(stage, built, sources))
  const image = [...built.values()].at(-1)
  if (image === undefined) throw new Error('the Dockerfile has no stage')
  return image
}

async function buildStage(
  { name, from, steps }: Stage,
  built: ReadonlyMap<string, BuiltStage>,
  sources: ImageSources,
): Promise<BuiltStage> {
  const base = built.get(from)
  const root = join(sources.target, name)
  if (base === undefined) mkdirSync(root, { recursive: true })
  else cpSync(base.root, root, { recursive: true, verbatimSymlinks: true })
  const stage: BuiltStage = { root, workdir: base?.workdir ?? '/', env: new Map(base?.env) }
  for (const step of steps) await carryOut(step, stage, built, sources)
  return stage
}

async function carryOut(
  { instruction, text }: Step,
  stage: BuiltStage,
  built: ReadonlyMap<string, BuiltStage>,
  sources: ImageSources,
): Promise<void> {
  if (instruction === 'WORKDIR') {
    stage.workdir = text
    mkdirSync(join(stage.root, text), { recursive: true })
  } else if (instruction === 'ENV') {
    for (const [name, value] of readPairs(text)) stage.env.set(name, value)
  } else if (instruction === 'COPY') {
    copy(readCopy(text), stage, built, sources)
  } else if (instruction === 'RUN') {
    await runStep(text, stage, sources)
  }
}

function copy(
  { from, flags, sources: paths, target }: Copy,
  stage: BuiltStage,
  built: ReadonlyMap<string, BuiltStage>,
  sources: ImageSources,
): void {
  const root = from === null ? sources.context : (built.get(from)?.root ?? '')
  const intoFolder = target.endsWith('/') || paths.length > 1
  for (const path of paths) {
    const source = join(root, path)
    if (!existsSync(source)) throw new Error(`COPY ${path}: not there`)
    const place = placeOf(target, stage)
    const to = intoFolder && statSync(source).isFile() ? join(place, basename(path)) : place
    mkdirSync(dirname(to), { recursive: true })
    cpSync(source, to, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true })
    if (flags.chmod !== undefined) chmodSync(to, Number.parseInt(flags.chmod, 8))
  }
}

function placeOf(target: string, { root, workdir }: BuiltStage): string {
  return target.startsWith('/') ? join(root, target) : join(root, workdir, target)
}

async function runStep(text: string, stage: BuiltStage, { env }: ImageSources): Promise<void> {
  const command = text.replace(/^(--\S+\s+)+/, '')
  if (/(^|\s)\//.test(command)) throw new Error(`RUN ${command}: expected relative paths`)
  const options = { cwd: join(stage.root, stage.workdir), env, maxBuffer: 64 * 2 ** 20 }
  await promisify(execFile)('sh', ['-c', command], options).catch((error: { stdout: string; stderr: string }) => {
    throw new Error(`RUN ${command}\n${error.stdout}${error.stderr}`)
  })
}

/** Bytes of the regular files under a folder. */
export function bytesUnder(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
}

/** What a layer holds of each file: its mode, time, and content or target; of folders the mode. */
export function listFiles(folder: string): ReadonlyMap<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  return new Map(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name)
      return [relative(folder, path), describeFile(path, entry)]
    }),
  )
}

function describeFile(path: string, entry: Dirent): string {
  if (entry.isSymbolicLink()) return `-> ${readlinkSync(path)}`
  const { mode, mtimeMs } = statSync(path)
  const octal = mode.toString(8)
  if (entry.isDirectory()) return octal
  return `${octal} ${mtimeMs} ${createHash('sha256').update(readFileSync(path)).digest('hex')}`
}
