// Settings of a command: by flag, environment or file, in that order.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { EngineOptions } from '@renown/inference'
import { type ConfigSources, type ReadConfig, readConfig } from '@renown/server/read-config'
import type { Config } from '@renown/server/settings'
import { parse } from 'yaml'
import { CliError } from './errors.ts'
import type { Io } from './io.ts'

export const SETTINGS_FILES = ['renown.yaml', 'renown.yml', 'renown.json'] as const

export interface SettingsFile {
  readonly path: string
  readonly values: Readonly<Record<string, unknown>>
}

export interface CommandSettings extends ReadConfig {
  /** The settings file that was read, if there is one. */
  readonly file: string | null
}

/** `flags` are by the names of the settings. Throws SETTINGS_INVALID, and the server's SETTING_INVALID. */
async function readSettings(
  io: Io,
  flags: Readonly<Record<string, unknown>>,
  config?: string,
  otel: ConfigSources['otel'] = {},
): Promise<CommandSettings> {
  const file = await readSettingsFile('.', config)
  const read = readConfig({ flags, env: io.env, otel, ...(file === null ? {} : { file: file.values }) })
  return { ...read, file: file?.path ?? null }
}

/** Of a server: variables of OpenTelemetry are looked at too, which stop no other command. Throws as readSettings does. */
export async function readServerSettings(
  io: Io,
  flags: Readonly<Record<string, unknown>>,
  config?: string,
): Promise<CommandSettings> {
  return await readSettings(io, flags, config, io.env)
}

/** `--config FILE`, or the first of the usual names in the folder. YAML reads JSON too. */
export async function readSettingsFile(folder: string, config?: string): Promise<SettingsFile | null> {
  if (config !== undefined) {
    const text = await readFile(config, 'utf8').catch((cause: Error) => {
      throw new CliError('SETTINGS_INVALID', `settings file "${config}" can't be read: ${cause.message}`, { cause })
    })
    return { path: config, values: parseSettings(config, text) }
  }
  for (const name of SETTINGS_FILES) {
    const text = await readFile(join(folder, name), 'utf8').catch(() => null)
    if (text === null) continue
    const values = parseSettings(name, text)
    if (!isModelManifest(values)) return { path: name, values }
  }
  return null
}

function parseSettings(path: string, text: string): Readonly<Record<string, unknown>> {
  const values = parseYaml(path, text)
  if (values === null || values === undefined) return {}
  if (typeof values === 'object' && !Array.isArray(values)) return values as Record<string, unknown>
  throw new CliError('SETTINGS_INVALID', `settings file "${path}": expected names and values, such as "port: 8000"`)
}

function parseYaml(path: string, text: string): unknown {
  try {
    return parse(text)
  } catch (cause) {
    throw new CliError('SETTINGS_INVALID', `settings file "${path}": ${(cause as Error).message}`, { cause })
  }
}

/** In a model folder, renown.json is the model's manifest. */
function isModelManifest(values: Readonly<Record<string, unknown>>): boolean {
  return values.format === 1 && typeof values.files === 'object'
}

export interface ModelFlags {
  readonly model?: string
  readonly home?: string
  readonly threads?: string
  readonly encoding?: string
  readonly config?: string
}

export interface ModelSettings {
  readonly model: string
  readonly home: string
  readonly engine: EngineOptions
}

/** What a command needs to run a model in this process. */
export async function readModelSettings(io: Io, flags: ModelFlags): Promise<ModelSettings> {
  const { model, home, threads, encoding } = flags
  const { config } = await readSettings(io, { model, home, threads, encoding }, flags.config)
  return toModelSettings(config)
}

export function toModelSettings(config: Config): ModelSettings {
  return {
    model: config.model,
    home: config.home,
    engine: {
      ...(config.threads === 0 ? {} : { threads: config.threads }),
      encoding: config.encoding,
      cacheEntries: config.cacheEntries,
    },
  }
}
