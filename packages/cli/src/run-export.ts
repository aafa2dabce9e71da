// `renown export`: from a transformers folder to a model folder.
import { readFile } from 'node:fs/promises'
import {
  type ExportKind,
  type ExportOptions,
  exportModelFolder,
  readTraining,
  type TrainingRecord,
} from '@renown/models'
import { CliError } from './errors.ts'
import { EXIT_OK } from './exit-codes.ts'
import { formatBytes, formatDuration } from './format/numbers.ts'
import { type Io, note, writeAll } from './io.ts'
import { PREPARATIONS, type PreparationName } from './preparations.ts'
import { watchInterruption } from './signals.ts'

export interface ExportFlags {
  readonly output: string
  readonly only?: ExportKind
  readonly weights?: boolean
  readonly name?: string
  readonly modelVersion?: string
  readonly license?: string
  readonly licenseFile?: string
  readonly base?: string
  readonly labels?: readonly string[]
  readonly preparation?: PreparationName
  readonly temperature?: number
  readonly training?: string
  readonly quiet?: boolean
}

export async function runExport(io: Io, folder: string, flags: ExportFlags): Promise<number> {
  const interruption = watchInterruption()
  const started = performance.now()
  try {
    const report = await exportModelFolder(folder, flags.output, {
      ...(await toOptions(flags)),
      signal: interruption.signal,
      onStep: (step) => {
        if (flags.quiet !== true) note(io, `Writing ${step}`)
      },
    })
    if (flags.quiet === true) return EXIT_OK
    const { manifest, path } = report
    const sizes = Object.entries(manifest.files).map(([name, { bytes }]) => `  ${name}  ${formatBytes(bytes)}`)
    const seconds = formatDuration((performance.now() - started) / 1000)
    await writeAll(io.stdout, `${manifest.name} ${manifest.version} is in ${path} (${seconds})\n${sizes.join('\n')}\n`)
    if (manifest.license === 'unknown')
      note(io, 'Its licence is not known: name it with --license before you publish it')
    return EXIT_OK
  } catch (error) {
    if (!interruption.signal.aborted) throw error
    throw new CliError('INTERRUPTED', `stopped: "${flags.output}" was not written`, { cause: error })
  } finally {
    interruption.dispose()
  }
}

async function toOptions(flags: ExportFlags): Promise<ExportOptions> {
  const { name, license, licenseFile, labels, temperature, weights } = flags
  const options = {
    name,
    license,
    licenseFile,
    labels,
    temperature,
    weights,
    version: flags.modelVersion,
    kinds: flags.only === undefined ? undefined : [flags.only],
    base: flags.base === undefined ? undefined : { name: flags.base },
    preparation: flags.preparation === undefined ? undefined : PREPARATIONS[flags.preparation],
    training: flags.training === undefined ? undefined : await readTrainingFile(flags.training),
  }
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}

async function readTrainingFile(path: string): Promise<TrainingRecord> {
  try {
    return readTraining(JSON.parse(await readFile(path, 'utf8')), path)
  } catch (cause) {
    throw new CliError('USAGE_INVALID', `--training: ${(cause as Error).message}`, { cause })
  }
}
